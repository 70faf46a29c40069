"""The office's document before it is published: templates checked, pictures taken in from beside it."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.errors import UserFacingError
from stojnica.domain.organisation_document import MAX_DOCUMENT_BYTES, parse_document
from stojnica.i18n import gettext as _
from stojnica.printing.photo import (
    LARGEST_BYTES,
    BadPhotoError,
    stored_artwork,
    stored_logo,
    stored_photo,
)
from stojnica.printing.photo_place import photo_reason
from stojnica.printing.template_change import artwork_pictures
from stojnica.services.own_templates import check_templates


def document_for_stands(document: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Give the document as laptops get it, with its pictures inside, made small and without their history.

    Raises:
        UserFacingError: a template is wrong, a picture can't be used, or all is too large together.
    """
    parsed = parse_document(document, refuse_unknown=True)
    if not parsed.pictures:
        check_templates(parsed)
        return document
    shown = {name: stored_artwork for item in parsed.templates for name in artwork_pictures(item.changes)}
    ways = {**shown, parsed.organisation.logo: stored_logo}
    pictures = [
        item
        if "data" in item
        else {"id": item["id"], "data": _taken_in(folder / item["file"], ways.get(item["id"], stored_photo))}
        for item in document["pictures"]
    ]
    whole = {**document, "pictures": pictures}
    check_templates(parse_document(whole, refuse_unknown=True))
    if len(canonical_bytes(whole)) > MAX_DOCUMENT_BYTES:
        raise _refused(_("The pictures of the document are too large together."), "pictures_too_large")
    return whole


def _taken_in(file: Path, stored_as: Callable[[bytes], bytes]) -> str:
    try:
        with file.open("rb") as source:
            content = source.read(LARGEST_BYTES + 1)
        stored = stored_as(content)
    except OSError as error:
        message = _("The picture {file} can't be read; it belongs beside the document.")
        raise _refused(message.format(file=file.name), "unreadable_picture") from error
    except BadPhotoError as error:
        raise _refused(f"{file.name}: {photo_reason(error)}", "bad_picture") from error
    return base64.b64encode(stored).decode("ascii")


def _refused(what: str, code: str) -> UserFacingError:
    return UserFacingError(
        what,
        safe=_("Nothing was changed."),
        next_step=_("Choose another picture, and publish again."),
        code=code,
    )
