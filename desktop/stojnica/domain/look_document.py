"""Reading how the office's paper looks: its own templates and its pictures."""

import base64
import re
from collections.abc import Mapping

from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.document_node import Node
from stojnica.domain.organisation import OwnTemplate, Picture
from stojnica.i18n import gettext as _

NAME_LIMIT = 200
MAX_TEMPLATES = 20
MAX_TEMPLATE_BYTES = 64 * 1024
MAX_PICTURES = 12
MAX_PICTURE_LETTERS = 800_000
_PICTURE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,100}\.(?i:png|jpe?g)")


def parse_template(node: Node) -> OwnTemplate:
    """Read what is different in a template; which places there are, is for the press to say."""
    fields = node.fields("id like name changes")
    changes = fields["changes"]
    changes.mapping()
    assert isinstance(changes.value, Mapping)
    if len(canonical_bytes(changes.value)) > MAX_TEMPLATE_BYTES:
        raise changes.error(_("it is too large"), "too_large")
    name = fields["name"].texts(NAME_LIMIT)
    return OwnTemplate(fields["id"].name(), fields["like"].name(), name, changes.value)


def parse_picture(node: Node) -> Picture:
    """Read a picture: a file beside the document, or after publishing, what was in it."""
    fields = node.fields("id", "file data")
    picture_id = fields["id"].name()
    if "data" not in fields:
        if "file" not in fields:
            raise node.error(_("“{name}” is missing").format(name="file"), "missing")
        if not _PICTURE_FILE.fullmatch(fields["file"].text(120)):
            reason = _("the name of a PNG or JPEG file beside the document is needed here")
            raise fields["file"].error(reason, "file")
        return Picture(picture_id)
    data = fields["data"]
    try:
        if not isinstance(data.value, str) or len(data.value) > MAX_PICTURE_LETTERS:
            raise ValueError
        return Picture(picture_id, base64.b64decode(data.value, validate=True))
    except ValueError as error:
        raise data.error(_("a picture in Base64 is needed here, and not so large"), "picture") from error
