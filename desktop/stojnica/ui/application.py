"""The Qt application itself: platform, look, language of Qt's own words, focus ring, crash dialog."""

import locale
import logging
import os
import signal
import sys
from collections.abc import Mapping, MutableMapping, Sequence

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from stojnica.ui.controls.focus_ring import FocusRing
from stojnica.ui.controls.spoken import install_roles
from stojnica.ui.crash_reporter import CrashReporter
from stojnica.ui.qt_texts import QtTexts
from stojnica.ui.theme.look import Look, install_look

_log = logging.getLogger(__name__)
_DRESSED = "stojnicaDressed"
_PLATFORM = "QT_QPA_PLATFORM"
_INTERRUPT_CHECK_MS = 200
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
# The offscreen platform says this about every window that has a least size; nothing is wrong.
_HARMLESS = "This plugin does not support propagateSizeHints()"


def has_display(environment: Mapping[str, str], system: str) -> bool:
    """Tell whether a window can be shown; only Linux can be without a display."""
    if not system.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def choose_platform() -> bool:
    """Let Qt draw offscreen when there is no display, for it would end the process; tell whether it will.

    Must be called before the application object is made.
    """
    _prefer_utf8(os.environ)
    if _PLATFORM not in os.environ and not has_display(os.environ, sys.platform):
        os.environ[_PLATFORM] = "offscreen"
    return os.environ.get(_PLATFORM) == "offscreen"


def _prefer_utf8(environment: MutableMapping[str, str]) -> None:
    """Name a UTF-8 locale where the system's is none, or isn't installed: Qt would complain on stderr."""
    if not sys.platform.startswith("linux"):
        return
    try:
        locale.setlocale(locale.LC_CTYPE, "")
        is_utf8 = "UTF-8" in locale.nl_langinfo(locale.CODESET).upper()
    except locale.Error:
        is_utf8 = False
    if not is_utf8:
        environment["LC_ALL"] = "C.UTF-8"


def create_application(
    arguments: Sequence[str], wanted: Look | None = None, *, catch_bugs: bool = True
) -> QApplication:
    """Make the application, or take the one that is there, and dress it."""
    choose_platform()
    existing = QApplication.instance()
    # The style is named here because Python would load all that a style can be asked for, were it set later.
    named = [*arguments, "-style", "Fusion"]
    application = existing if isinstance(existing, QApplication) else QApplication(named)
    application.setApplicationName("Stojnica")
    application.setDesktopFileName("stojnica")
    dress_application(application, wanted or Look())
    if catch_bugs:
        CrashReporter(application).install()
        qInstallMessageHandler(_log_qt_message)
    return application


def dress_application(application: QApplication, wanted: Look) -> None:
    """Put look, Qt's words and focus ring in force; again to change the look alone."""
    install_look(application, wanted)
    # Looked up by a property: to go through its children, Python would load what each of them is.
    if not application.property(_DRESSED):
        application.setProperty(_DRESSED, True)
        texts = QtTexts(application)
        application.installTranslator(texts)
        FocusRing(application)
        install_roles()


def _log_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if message != _HARMLESS:
        _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", message)


def end_at_interrupt(application: QApplication) -> None:
    """Let Ctrl-C at the terminal close the windows as their owner would."""
    signal.signal(signal.SIGINT, lambda _number, _frame: application.quit())
    # Python hears a signal only while it runs: Qt's loop has to come back to it now and then.
    timer = QTimer(application, interval=_INTERRUPT_CHECK_MS)
    timer.timeout.connect(application.thread)
    timer.start()
