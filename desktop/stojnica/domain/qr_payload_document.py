"""Reading from the office's document what a flyer's code holds, when that is no link to a page."""

from stojnica.domain.document_node import Node
from stojnica.domain.organisation import OfferedCode
from stojnica.domain.qr_payload import (
    LEAST_WPA_PASSWORD,
    MOST_PASSWORD,
    MOST_SSID_BYTES,
    SECURITIES,
    AnyCode,
    CalendarCode,
    Code,
    ContactCode,
    LinkCode,
    WifiCode,
)
from stojnica.i18n import gettext as _

KINDS = ("wifi", "contact", "calendar")
LINK = "link"
_SHORT, _LONG = 80, 160
TITLE_LIMIT, CALL_LIMIT = 40, 60


def read_code(node: Node) -> Code:
    """Read it, as kind and fields.

    Raises:
        DocumentError: what is wrong first, with its place.
    """
    fields = node.fields("kind", "name password security hidden organisation phone email url note")
    kind = fields["kind"].one_of(KINDS)
    if kind == "wifi":
        return _wifi(node)
    if kind == "contact":
        return _contact(node)
    return CalendarCode(node.fields("kind url")["url"].url())


def read_any_code(node: Node) -> AnyCode:
    """Read what a stand may choose: a link to a page, or one of the others.

    Raises:
        DocumentError: what is wrong first, with its place.
    """
    kind = node.fields("kind", "name password security hidden organisation phone email url note")["kind"]
    if kind.one_of((LINK, *KINDS)) == LINK:
        return LinkCode(node.fields("kind url")["url"].url())
    return read_code(node)


def read_offered(node: Node) -> OfferedCode:
    """Read one thing that a stand may let a code lead to."""
    fields = node.fields("id title code", "call")
    return OfferedCode(
        fields["id"].name(),
        fields["title"].texts(TITLE_LIMIT),
        read_any_code(fields["code"]),
        fields["call"].texts(CALL_LIMIT) if "call" in fields else {},
    )


def _wifi(node: Node) -> WifiCode:
    fields = node.fields("kind name", "password security hidden")
    name = fields["name"].text(MOST_SSID_BYTES)
    if len(name.encode()) > MOST_SSID_BYTES:
        raise fields["name"].error(_("a Wi-Fi has a name of at most 32 bytes"), "ssid")
    security = fields["security"].one_of(SECURITIES) if "security" in fields else SECURITIES[0]
    password = fields["password"].text(MOST_PASSWORD, blank=True) if "password" in fields else ""
    if security == "nopass" and password:
        raise fields["password"].error(_("a Wi-Fi without a password has none"), "password")
    if security != "nopass" and not password:
        raise node.error(_("“{name}” is missing").format(name="password"), "missing")
    if security == "WPA" and (len(password) < LEAST_WPA_PASSWORD or not password.isascii()):
        raise fields["password"].error(_("a WPA password has 8 to 63 plain letters"), "password")
    return WifiCode(name, password, security, "hidden" in fields and fields["hidden"].flag())


def _contact(node: Node) -> ContactCode:
    fields = node.fields("kind name", "organisation phone email url note")

    def maybe(name: str, limit: int) -> str:
        return fields[name].text(limit, blank=True) if name in fields else ""

    return ContactCode(
        name=fields["name"].text(_SHORT),
        organisation=maybe("organisation", _SHORT),
        phone=maybe("phone", 40),
        email=maybe("email", _SHORT),
        url=fields["url"].url(blank=True) if "url" in fields else "",
        note=maybe("note", _LONG),
    )
