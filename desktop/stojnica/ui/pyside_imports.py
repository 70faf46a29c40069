"""Imported before any other module that needs Qt: keeps PySide from reading all that is imported after it."""

import PySide6.QtCore
import shibokensupport.feature as _feature  # type: ignore[import-not-found]

# WORKAROUND for PySide 6.11 (PYSIDE-2029): to learn which modules may use its `__feature__` switches, it
# reads the source of each module imported from then on, SQLAlchemy's included. Nothing here uses them, and a
# module that is taken for one that might is treated as it always was.
if hasattr(_feature, "_mod_uses_pyside"):
    _feature._mod_uses_pyside = lambda _module: True

__all__ = ["PySide6"]
