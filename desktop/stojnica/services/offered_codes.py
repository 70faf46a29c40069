"""What a stand may let a piece's code lead to: what the organisation has, beside what the office chose."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from stojnica.domain.event import Event
from stojnica.domain.organisation import Flyer, OfferedCode, OrganisationDocument
from stojnica.domain.qr_payload import AnyCode, CalendarCode, ContactCode, LinkCode, WifiCode
from stojnica.i18n import gettext as _
from stojnica.printing.campaign import campaign_link, shown_address
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.template import Design
from stojnica.resources import resource

WEBSITE, WEB_FORM = "website", "web-form"
_ROOM = 26
"""How many letters of an address the choice shows at most."""


def offered_codes(document: OrganisationDocument) -> tuple[OfferedCode, ...]:
    """Give what the organisation has: its web page and web form first, then what the office listed.

    What the office lists under one of these two names, stands in its place.
    """
    organisation = document.organisation
    known = {code.id for code in document.codes}
    own = [
        OfferedCode(WEBSITE, {}, LinkCode(organisation.website)) if organisation.website else None,
        OfferedCode(WEB_FORM, {}, LinkCode(organisation.web_form)) if organisation.web_form else None,
    ]
    return (*(code for code in own if code is not None and code.id not in known), *document.codes)


def code_choices(
    document: OrganisationDocument, design: Design, flyer_id: str, language: str
) -> tuple[tuple[str, str], ...]:
    """Give id and words of what can be chosen for a piece; "" is what the office chose, and comes first.

    The sign that asks for the visitor's contact leads to the web form alone: its words promise that.
    """
    if design.leads_to == "home":
        return ()
    flyer = document.flyer(flyer_id) if design.leads_to == "flyer" else None
    if flyer is not None:
        usual: AnyCode = flyer.code or LinkCode(flyer.url)
    else:
        usual = LinkCode(document.organisation.website or document.organisation.web_form)
    offered = offered_codes(document)
    same = next((item for item in offered if item.code == usual), None)
    first = ("", title_of(same, language) if same else words_of_code(usual) or _shortened(usual))
    others = [(item.id, title_of(item, language)) for item in offered if item is not same]
    return (first, *others) if others else ()


def title_of(offered: OfferedCode, language: str) -> str:
    """Name one for the people at the stand."""
    for wanted in (language, "en", "sl"):
        if offered.title.get(wanted):
            return offered.title[wanted]
    if offered.id == WEB_FORM:
        return _("Web form")
    return _("Web page") if offered.id == WEBSITE else words_of_code(offered.code) or _shortened(offered.code)


def chosen_code(document: OrganisationDocument, leads: str) -> OfferedCode | None:
    """Find what somebody chose; None for what the office chose, or when it is there no more."""
    return next((item for item in offered_codes(document) if leads and item.id == leads), None)


def code_of(document: OrganisationDocument, flyer_id: str, leads: str = "") -> AnyCode | None:
    """Give what a piece's code holds when that is no link to a page of its own, else None."""
    chosen = chosen_code(document, leads)
    if chosen is not None:
        return chosen.code
    flyer: Flyer | None = document.flyer(flyer_id)
    return flyer.code if flyer else None


def payload_of(code: AnyCode | None) -> str:
    """Give what goes into the code when that is no link, "" when it is one."""
    return code.payload() if isinstance(code, WifiCode | ContactCode) else ""


def words_of_code(code: AnyCode | None) -> str:
    """Say what a code holds when that is no link, "" when it is one."""
    match code:
        case WifiCode():
            return _("Wi-Fi “{name}”").format(name=code.name)
        case ContactCode():
            return _("Contact “{name}”").format(name=code.name)
        case _:
            return ""


def led_to(
    content: FlyerContent, document: OrganisationDocument, event: Event, chosen: OfferedCode, run: str = ""
) -> FlyerContent:
    """Have a piece's code lead where somebody chose; above it stands what that is.

    A piece whose code holds no link keeps the link that it had: its print run leads there.

    Raises:
        UserFacingError: the address can't be used in a code.
    """
    second = led_to(content.second, document, event, chosen, run) if content.second else None
    code = chosen.code
    call = chosen.call.get(content.language) or _shipped_call(chosen, content.language) or content.call
    if isinstance(code, WifiCode | ContactCode):
        return replace(content, call=call, address=code.name, second=second)
    link = campaign_link(
        code.url,
        event_code=event.code,
        project=event.project,
        item=chosen.id,
        variant=content.language,
        run=run,
    )
    return replace(content, call=call, url=link, address=shown_address(code.url), second=second)


@cache
def _calls() -> Mapping[str, Mapping[str, str]]:
    calls: Mapping[str, Mapping[str, str]] = json.loads(resource("codes", "calls.json").read_text("utf-8"))[
        "languages"
    ]
    return calls


def _shipped_call(chosen: OfferedCode, language: str) -> str:
    kinds = {WifiCode: "wifi", ContactCode: "contact", CalendarCode: "calendar", LinkCode: "link"}
    kind = WEB_FORM if chosen.id == WEB_FORM else kinds[type(chosen.code)]
    return _calls().get(language, {}).get(kind, "")


def _shortened(code: AnyCode) -> str:
    address = shown_address(code.url) if isinstance(code, LinkCode | CalendarCode) and code.url else ""
    return address if len(address) <= _ROOM else address[: _ROOM - 1] + "…"
