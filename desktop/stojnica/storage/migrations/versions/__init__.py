"""One file a step, each complete in itself."""
