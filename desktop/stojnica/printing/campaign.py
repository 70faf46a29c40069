"""Links that tell the web statistics where a code was scanned, and nothing about whom."""

import re
import unicodedata
from urllib.parse import SplitResult, quote, unquote_plus, urlsplit, urlunsplit

from stojnica.domain.errors import UserFacingError
from stojnica.domain.web_target import LONGEST_TARGET
from stojnica.i18n import gettext as _

LONGEST_WORD = 40
LONGEST_LINK = LONGEST_TARGET
_PARAMETERS = ("utm_source", "utm_medium", "utm_campaign", "utm_content")
_NOT_DECOMPOSED = str.maketrans(
    {"đ": "d", "ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"}
)
_ADDRESS_OF_A_PERSON = re.compile(r"\S*@\S*")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9])?")
# Without the quote and the dollar, which the configuration of web servers reads.
_PATH_SAFE = "/%:@!&()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"


def campaign_word(text: str) -> str:
    """Fold a text to what a campaign parameter may hold: a–z, 0–9 and single hyphens, at most 40.

    An e-mail address in it is left out. May be empty, for instance for Cyrillic.
    """
    lowered = _ADDRESS_OF_A_PERSON.sub(" ", text).casefold().translate(_NOT_DECOMPOSED)
    ascii_only = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:LONGEST_WORD].strip("-")


def campaign_link(
    url: str, *, event_code: str, project: str, item: str, variant: str = "", run: str = ""
) -> str:
    """Add the campaign's parameters to a web address; its own query and fragment stay as they are.

    `run` is the short code of a print run: it is kept whole at the end, whatever is cut off before it.
    Parameters of the same names are replaced, empty ones left out. The result is ASCII.

    Raises:
        UserFacingError: it is no http or https address, or it would be too long for a code.
    """
    parts = _checked(url)
    words = [campaign_word(value) for value in (event_code, "qr", project, f"{item} {variant}")]
    if run:
        words[3] = f"{words[3][: LONGEST_WORD - 1 - len(run)].strip('-')}-{run}".strip("-")
    ours = [f"{name}={word}" for name, word in zip(_PARAMETERS, words, strict=True) if word]
    theirs = [pair for pair in parts.query.split("&") if pair and _name(pair) not in _PARAMETERS]
    query = "&".join([quote(pair, safe=_QUERY_SAFE) for pair in theirs] + ours)
    fragment = quote(parts.fragment, safe=_QUERY_SAFE)
    path = quote(parts.path, safe=_PATH_SAFE) or "/"
    link = urlunsplit((parts.scheme.lower(), _ascii_host(parts), path, query, fragment))
    if len(link) > LONGEST_LINK:
        raise _bad(_("The web address is too long for a code that a phone can read from paper."))
    return link


def shown_address(url: str) -> str:
    """Give a web address as people read it under a code: no scheme, no "www.", no campaign."""
    parts = _checked(url)
    host = parts.netloc.lower().removeprefix("www.")
    theirs = [pair for pair in parts.query.split("&") if pair and _name(pair) not in _PARAMETERS]
    return (host + parts.path.rstrip("/") + ("?" + "&".join(theirs) if theirs else "")).strip()


def _name(pair: str) -> str:
    return unquote_plus(pair.split("=", 1)[0]).strip().lower()


def _checked(url: str) -> SplitResult:
    address = url.strip()
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise _bad(_("The flyer's web address is not one.")) from error
    if parts.scheme.lower() not in ("http", "https") or not has_host:
        raise _bad(_("The flyer's web address does not begin with https:// or http://."))
    if parts.username is not None or parts.password is not None:
        raise _bad(_("The flyer's web address holds a user name."))
    if any(character.isspace() or not character.isprintable() for character in address):
        raise _bad(_("The flyer's web address has a space or an invisible character in it."))
    _ascii_host(parts)
    return parts


def _ascii_host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port is not None else ""
    if ":" in host:
        return f"[{host}]{port}"
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise _bad(_("The flyer's web address is not one.")) from error
    if not _HOST.fullmatch(ascii_host):
        raise _bad(_("The flyer's web address is not one."))
    return ascii_host + port


def _bad(what: str) -> UserFacingError:
    return UserFacingError(
        what,
        safe=_("Nothing was printed."),
        next_step=_("Correct the address of the flyer, for example https://example.org/camps."),
        code="bad_link",
    )
