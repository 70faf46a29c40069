"""Qt's own words from our catalogues: Qt ships no Slovene."""

from functools import lru_cache

from PySide6.QtCore import QTranslator

from stojnica.i18n import current_language, pgettext
from stojnica.i18n import gettext as _

_BUTTONS = frozenset({"QPlatformTheme", "QDialogButtonBox", "QMessageBox", "QGnomeTheme", "QFileDialog"})
_FILES = frozenset({"QFileDialog", "QFileSystemModel", "QAbstractFileIconProvider"})
_EDITORS = frozenset({"QLineEdit", "QWidgetTextControl", "QTextControl", "QAbstractSpinBox"})


class QtTexts(QTranslator):
    """Answer Qt's look-ups for its standard buttons, its edit menu and its print and file dialogs."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, text: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        language = current_language()
        if context in _BUTTONS and text in (words := _buttons(language)):
            return words[text]
        if context in _EDITORS:
            return _edit_menu(language).get(text)
        if context in _FILES and text in (words := _file_dialog(language)):
            return words[text]
        if context == "QFileDialog" or "Print" in context or context.startswith(("QPage", "QCups")):
            return _dialogs(language).get(text)
        return None


@lru_cache(maxsize=4)
def _buttons(_language: str) -> dict[str, str]:
    return {
        "OK": _("OK"),
        "&OK": _("OK"),
        "Cancel": _("Cancel"),
        "&Cancel": _("Cancel"),
        "Save": _("Save"),
        "&Save": _("Save"),
        "Save All": _("Save all"),
        "Open": _("Open"),
        "&Open": _("Open"),
        "&Yes": _("Yes"),
        "Yes to &All": _("Yes to all"),
        "&No": _("No"),
        "N&o to All": _("No to all"),
        "Close": _("Close"),
        "&Close": _("Close"),
        "Apply": _("Apply"),
        "Reset": _("Reset"),
        "Help": _("Help"),
        "Discard": _("Discard"),
        "Don't Save": _("Don't save"),
        "Close without Saving": _("Close without saving"),
        "Abort": _("Stop"),
        "Retry": _("Try again"),
        "Ignore": _("Ignore"),
        "Restore Defaults": _("Restore defaults"),
        "Show Details...": _("Show details …"),
        "Hide Details...": _("Hide details …"),
    }


@lru_cache(maxsize=4)
def _edit_menu(_language: str) -> dict[str, str]:
    return {
        "&Undo": _("Undo"),
        "&Redo": _("Redo"),
        "Cu&t": _("Cut"),
        "&Copy": _("Copy"),
        "&Paste": _("Paste"),
        "Delete": _("Delete"),
        "Select All": _("Select all"),
        "Copy &Link Location": _("Copy the address"),
    }


@lru_cache(maxsize=4)
def _dialogs(_language: str) -> dict[str, str]:
    return {
        "Print": _("Print"),
        "&Print": _("Print"),
        "Printer": _("Printer"),
        "&Name:": pgettext("printing", "Name:"),
        "Location:": pgettext("printing", "Place:"),
        "Type:": pgettext("printing", "Type:"),
        "P&roperties": _("Properties"),  # codespell:ignore roperties
        "Output &file:": _("Into the file:"),
        "Print To File ...": _("Print to a file"),
        "Print to File (PDF)": _("Print to a file (PDF)"),
        "Print range": _("Pages"),
        "Print all": pgettext("printing", "All"),
        "Pages from": _("Pages from"),
        "Page Set:": _("Which pages:"),
        "All Pages": _("All pages"),
        "Odd Pages": _("Odd pages"),
        "Even Pages": _("Even pages"),
        "Current Page": _("This page"),
        "Selection": _("Selection"),
        "Copies": _("Copies"),
        "Copies:": _("Copies:"),
        "Collate": _("In sets"),
        "Reverse": _("Last page first"),
        "Options": _("Options"),
        "&Options >>": _("Options >>"),
        "&Options <<": _("Options <<"),
        "Color": _("Colour"),
        "Color Mode": _("Colours"),
        "Grayscale": _("Shades of grey"),
        "Duplex Printing": _("Both sides"),
        "None": pgettext("printing", "None"),
        "Long side": _("Long side"),
        "Short side": _("Short side"),
        "Page": _("Page"),
        "Page Setup": _("Page setup"),
        "Paper": _("Paper"),
        "Page size:": _("Size:"),
        "Orientation": _("Orientation"),
        "Portrait": _("Upright"),
        "Landscape": _("Across"),
        "Margins": _("Margins"),
    }


@lru_cache(maxsize=4)
def _file_dialog(_language: str) -> dict[str, str]:
    return {
        "File name:": _("File name:"),
        "File &name:": _("File name:"),
        "Files of type:": _("Files of type:"),
        "Files of &type:": _("Files of type:"),
        "Look in:": _("Look in:"),
        "&Look in:": _("Look in:"),
        "Directory:": _("Folder:"),
        "All Files (*)": _("All files (*)"),
        "Computer": _("Computer"),
        "&Choose": _("Choose"),
        "Directories": _("Folders"),
        "Files": _("Files"),
        "Folder": _("Folder"),
        "Drive": _("Drive"),
        "Name": _("Name"),
        "Size": _("Size"),
        "Type": _("Kind"),
        "Date Modified": _("Changed on"),
        "Back": _("Back"),
        "Go back": _("Back"),
        "Forward": _("Forward"),
        "Go forward": _("Forward"),
        "Go to the parent directory": _("Folder above"),
        "Create a New Folder": _("New folder"),
        "&New Folder": _("New folder"),
        "&Rename": _("Rename"),
        "&Delete": _("Delete"),
        "Show &hidden files": _("Show hidden files"),
        "List View": _("As a list"),
        "Change to list view mode": _("As a list"),
        "Detail View": _("With details"),
        "Change to detail view mode": _("With details"),
        "Sidebar": _("Places"),
        "List of places and bookmarks": _("Places"),
        "Create New Folder": _("New folder"),
        "Parent Directory": _("Folder above"),
        "%1 already exists.\nDo you want to replace it?": _("%1 exists already.\nReplace it?"),
        "%1\nFile not found.\nPlease verify the correct file name was given.": _(
            "%1\nThis file does not exist. Check its name."
        ),
    }
