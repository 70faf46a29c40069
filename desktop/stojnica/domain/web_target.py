"""Web addresses as they may stand in a redirect rule: ASCII, and nothing that a configuration obeys."""

import re
from urllib.parse import quote, urlsplit

LONGEST_TARGET = 300
LONGEST_BASE = 60
# Of RFC 3986's signs the quote and the dollar are left out: servers' configuration reads them.
_SAFE = "/%:@!&()*+,;=~-._?#[]"
_TARGET = re.compile(r"https?://[a-z0-9._\[\]:-]+(?:[/?#][A-Za-z0-9/%:@!&()*+,;=~._?#\[\]-]*)?")
_BASE = re.compile(r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?/(?:[A-Za-z0-9._~-]+/){0,5}")
_DOT_STEP = re.compile(r"/\.{1,2}/")


def plain_target(url: str) -> str:
    """Write what servers' configuration would read, like $ and quotes, as percent signs; the rest stays."""
    return quote(url, safe=_SAFE)


def is_target(value: object) -> bool:
    """Tell whether a redirect may lead there: http or https with a host, plain, without a user name."""
    if not isinstance(value, str) or len(value) > LONGEST_TARGET or not _TARGET.fullmatch(value):
        return False
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and "@" not in parts.netloc and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def is_short_base(value: object) -> bool:
    """Tell whether short links may begin with this: https, a host, a path of plain names, a last slash."""
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_BASE
        and _BASE.fullmatch(value) is not None
        and not _DOT_STEP.search(value)
    )
