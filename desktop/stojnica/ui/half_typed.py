"""What somebody typed into a dialog: read from its fields before a lock, put back when it is opened again."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from stojnica.ui.controls.field import LongTextField, TextField
from stojnica.ui.dialogs import AppDialog

Field = TextField | LongTextField


def name_of(dialog: AppDialog) -> str:
    """Name a dialog by what it is about, so that what was typed never comes up for something else."""
    return "\n".join((type(dialog).__name__, *dialog.about()))


def typed_in(dialog: AppDialog) -> dict[str, str]:
    """Give what a person typed, by field; no PIN and no words that open the store."""
    if not dialog.keeps_half_typed:
        return {}
    return {name: field.text() for name, field in _fields(dialog) if _is_typed(field.editor)}


def fill_in(dialog: AppDialog, texts: dict[str, str]) -> None:
    """Put it back as if it were typed now: the next letter goes on, and takes nothing away."""
    for name, field in _fields(dialog):
        if name in texts:
            field.set_text(texts[name])
            _mark_typed(field.editor)
            field.changed.emit(texts[name])
            if isinstance(field.editor, QLineEdit):
                # A dialog that comes up has chosen all of its first field.
                QTimer.singleShot(0, field.editor, partial(field.editor.end, False))


def _fields(dialog: AppDialog) -> Iterator[tuple[str, Field]]:
    fields: list[Field] = [*dialog.findChildren(TextField), *dialog.findChildren(LongTextField)]
    for place, field in enumerate(fields):
        editor = field.editor
        if not isinstance(editor, QLineEdit) or editor.echoMode() is QLineEdit.EchoMode.Normal:
            yield f"{place} {editor.accessibleName()}", field


def _is_typed(editor: object) -> bool:
    if isinstance(editor, QLineEdit):
        return editor.isModified()
    return isinstance(editor, QPlainTextEdit) and editor.document().isModified()


def _mark_typed(editor: object) -> None:
    if isinstance(editor, QLineEdit):
        editor.setModified(True)
    elif isinstance(editor, QPlainTextEdit):
        editor.document().setModified(True)
