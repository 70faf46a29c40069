"""Finding the artwork of a template: a file beside its document, or a picture of the office."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stojnica.i18n import gettext as _
from stojnica.printing.artwork import LARGEST_BYTES, check_artwork
from stojnica.printing.photo import BadPhotoError
from stojnica.printing.photo_place import photo_reason
from stojnica.printing.template_node import Node

Pictures = Callable[[str], bytes | None]
_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}\.(svg|png)")


def no_pictures(name: str) -> bytes | None:
    """Know no picture."""
    return None


@dataclass(frozen=True, slots=True)
class ArtworkFiles:
    """Hold where a template's artwork is: its folder, and the office's pictures by name."""

    folder: Path
    pictures: Pictures = no_pictures

    def read(self, node: Node) -> bytes:
        """Read what a box names, within bounds; nothing outside the folder is opened.

        Raises:
            BadTemplateError: it is not there, is not the template's own, or can't be printed.
        """
        if "picture" in node.children():
            named = node.child("picture")
            data = self.pictures(named.text())
            if data is None:
                raise named.wrong(_("the office's document has no picture of this name."))
        else:
            named = node.child("file")
            data = self._file(named)
        try:
            check_artwork(data)
        except BadPhotoError as error:
            raise named.wrong(photo_reason(error)) from error
        return data

    def _file(self, node: Node) -> bytes:
        if not _FILE.fullmatch(node.text()):
            raise node.wrong(_("the name of an SVG or PNG file in the template’s own folder belongs here."))
        path = self.folder / node.text()
        try:
            if path.resolve(strict=True).parent != self.folder.resolve():
                raise node.wrong(_("the file lies outside the template’s folder."))
            with path.open("rb") as file:
                return file.read(LARGEST_BYTES + 1)
        except OSError as error:
            raise node.wrong(_("there is no such file in the template’s folder.")) from error
