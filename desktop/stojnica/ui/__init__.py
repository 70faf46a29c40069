"""The windows, drawn with Qt Widgets."""
