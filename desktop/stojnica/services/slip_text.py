"""From the bytes of a sheet to its text: what kind of file it is, and in which encoding."""

import re
from dataclasses import dataclass
from pathlib import Path

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

MAX_SHEET_BYTES = 8 * 1024 * 1024
_PICTURES = (
    *(
        b"\x89PNG\r\n",
        b"\xff\xd8\xff",
        b"GIF87a",
        b"GIF89a",
        b"II*\x00",
        b"MM\x00*",
        b"\x00\x00\x01\x00",
    ),
    *(b"\xff\x0a", b"\x00\x00\x00\x0cJXL"),
)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xd0\xcf\x11\xe0")
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1c-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class SheetText:
    """Hold a sheet's text, without byte order mark, and the encoding that it was in."""

    text: str
    encoding: str


def read_sheet_file(path: Path) -> bytes:
    """Read a sheet's bytes; nothing of a file that is too large is used.

    Raises:
        UserFacingError: it can't be read or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SHEET_BYTES + 1)
    except OSError as error:
        message = _("The file “{name}” can't be read.").format(name=path.name)
        ask = _("Check its name, and whether you may read it.")
        raise sheet_error("unreadable", message, ask) from error
    if len(data) > MAX_SHEET_BYTES:
        raise _too_large()
    return data


def sheet_text(data: bytes) -> SheetText:
    """Decode a sheet: UTF-8 with and without BOM, UTF-16, else Windows-1250.

    Raises:
        UserFacingError: it is a picture, a PDF, a spreadsheet's own file, or no text at all.
    """
    if len(data) > MAX_SHEET_BYTES:
        raise _too_large()
    _refuse_other_kinds(data)
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_decoded(data[len(mark) :], encoding), encoding)
    if b"\x00" in data[:4096]:
        return _checked(_decoded(data, _unmarked_utf16(data)), "utf-16")
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            message = _("The file is UTF-8, but damaged: some letters are cut in half.")
            raise sheet_error("encoding", message) from error
    return _checked(_decoded(data, "cp1250"), "cp1250")


def sheet_error(code: str, what: str, next_step: str = "") -> UserFacingError:
    """Make the error for a sheet that can't be taken in."""
    ask = next_step or _("Save the sheet as CSV (UTF-8) and try again.")
    return UserFacingError(
        what, safe=_("Nothing was taken in, and the file is as it was."), next_step=ask, code=code
    )


def _too_large() -> UserFacingError:
    size = MAX_SHEET_BYTES // 1024**2
    message = _("The file is larger than {size} MB; a sheet of slips is not.").format(size=size)
    return sheet_error("too_large", message, _("Choose another file, or take it in parts."))


def _refuse_other_kinds(data: bytes) -> None:
    head = data[:16]
    if _is_picture(head):
        ask = _("Type the slips into a sheet, or enter them one by one as new contacts.")
        raise sheet_error(
            "picture", _("This is a picture, not a sheet; names in a picture can't be read."), ask
        )
    if data[:1024].lstrip().startswith(b"%PDF"):
        ask = _("Open the sheet that it was made from, and save that as CSV (UTF-8).")
        raise sheet_error("pdf", _("This is a PDF, not a sheet."), ask)
    if head.startswith(_ARCHIVES):
        if head.startswith(b"PK") and any(part in data for part in (b"xl/", b"opendocument.spreadsheet")):
            raise sheet_error("spreadsheet", _("This is a spreadsheet's own file."))
        if head.startswith(b"\xd0\xcf"):
            raise sheet_error("spreadsheet", _("This is an old Office file."))
        raise sheet_error("archive", _("This is an archive or a document, not a sheet."))
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"{\\rtf")):
        raise sheet_error("document", _("This is a document or a web page, not a sheet."))
    if not data.strip():
        raise sheet_error("empty", _("The file is empty."))


def _is_picture(head: bytes) -> bool:
    is_bitmap = head[:2] == b"BM" and b"\x00" in head
    is_web_picture = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return head.startswith(_PICTURES) or head[4:8] == b"ftyp" or is_bitmap or is_web_picture


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text() from error


def _unmarked_utf16(data: bytes) -> str:
    sample = data[:4096]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if max(odd, even) < len(sample) // 4 or min(odd, even) > 0:
        raise _no_text()
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_damaged_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return sum(not character.isascii() for character in text) - lost > 2 * lost


def _checked(text: str, encoding: str) -> SheetText:
    text = text.removeprefix("\ufeff")
    # Form feeds and the like come from printers; a NUL or many controls mean that this never was text.
    if "\0" in text or len(_CONTROLS.findall(text)) > 10 + len(text) // 1000:
        raise _no_text()
    if not text.strip():
        raise sheet_error("empty", _("The file is empty."))
    return SheetText(text, encoding)


def _no_text() -> UserFacingError:
    return sheet_error("binary", _("This file holds no text that can be read."))
