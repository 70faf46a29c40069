"""What a web server answered to a short link, and whether that leads where it should."""

from dataclasses import dataclass
from html.parser import HTMLParser

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """Hold one answer; `location` is the header's, `page` the first part of the text."""

    status: int
    location: str = ""
    page: str = ""


def leads_to(answer: LinkAnswer) -> str:
    """Give the address to which an answer leads a browser without scripts; "" when it leads nowhere."""
    if answer.status in _REDIRECTS:
        return answer.location.strip()
    return _refreshed(answer.page) if answer.status == 200 else ""


class _Refresh(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag != "meta" or self.address or named.get("http-equiv", "").lower() != "refresh":
            return
        _seconds, _semicolon, rest = named.get("content", "").partition(";")
        name, _equals, address = rest.strip().partition("=")
        if name.strip().lower() == "url":
            self.address = address.strip()


def _refreshed(page: str) -> str:
    reader = _Refresh()
    reader.feed(page)
    return reader.address
