"""Rules by which a web server leads short links on: for nginx, for Apache, and as pages for any server.

Targets come from laptops, so none is trusted: what isn't plain (`domain.web_target`) gets no rule.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from stojnica.domain.short_code import is_code
from stojnica.domain.web_target import is_short_base, is_target


@dataclass(frozen=True, order=True, slots=True)
class Redirect:
    """Lead a short code to a web address; `label` says in a comment what it is of."""

    code: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class SortedRedirects:
    """Hold what becomes a rule, and the codes of which none can: two targets, or one that isn't plain."""

    good: tuple[Redirect, ...]
    twice: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def sorted_redirects(found: Iterable[Redirect]) -> SortedRedirects:
    """Keep one rule a code, in the order of codes; one with two targets gets none, not a wrong one."""
    by_code: dict[str, Redirect] = {}
    twice: set[str] = set()
    refused: set[str] = set()
    for item in found:
        if not (is_code(item.code) and is_target(item.target)):
            refused.add(item.code)
        elif by_code.setdefault(item.code, item).target != item.target:
            twice.add(item.code)
    good = tuple(item for code, item in sorted(by_code.items()) if code not in twice)
    return SortedRedirects(good, tuple(sorted(twice)), tuple(sorted(refused)))


def short_link(base: str, code: str) -> str:
    """Give the short link of a code."""
    return base + code


def nginx_rules(base: str, redirects: Iterable[Redirect]) -> str:
    """Write rules to be included in nginx' `server` block.

    Raises:
        ValueError: `base` can't begin short links, or a redirect isn't one of `sorted_redirects`.
    """
    lines = ["# Short links of Stojnica, for the server block of " + _host(base)]
    for item in _checked(redirects):
        lines.append(f'location = {_path(base)}{item.code} {{ return 302 "{item.target}"; }}{_said(item)}')
    return "\n".join(lines) + "\n"


def apache_rules(base: str, redirects: Iterable[Redirect]) -> str:
    """Write rules for Apache's mod_alias, in a virtual host or .htaccess.

    Raises:
        ValueError: as with `nginx_rules`.
    """
    lines = ["# Short links of Stojnica, for the virtual host " + _host(base)]
    for item in _checked(redirects):
        # A comment behind a directive would be taken for one more argument.
        lines += [f"#{_said(item)[3:]}"] if _said(item) else []
        lines.append(f'Redirect 302 "{_path(base)}{item.code}" "{item.target}"')
    return "\n".join(lines) + "\n"


def static_pages(redirects: Iterable[Redirect]) -> dict[str, bytes]:
    """Give pages by their path below the folder of short links; they need no script, and no rights there.

    Raises:
        ValueError: a redirect isn't one of `sorted_redirects`.
    """
    return {f"{item.code}/index.html": _page(item.target) for item in _checked(redirects)}


def _page(target: str) -> bytes:
    address = html.escape(target, quote=True)
    host = html.escape(urlsplit(target).netloc)
    return (
        "<!doctype html>\n"
        '<html lang="sl">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={address}">\n'
        '<meta name="robots" content="noindex">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{host}</title>\n</head>\n"
        f'<body><p><a href="{address}">{host}</a></p></body>\n</html>\n'
    ).encode()


def _checked(redirects: Iterable[Redirect]) -> Iterable[Redirect]:
    for item in redirects:
        if not (is_code(item.code) and is_target(item.target)):
            raise ValueError("redirect")
        yield item


def _path(base: str) -> str:
    if not is_short_base(base):
        raise ValueError("base")
    return urlsplit(base).path


def _host(base: str) -> str:
    if not is_short_base(base):
        raise ValueError("base")
    return urlsplit(base).netloc


def _said(item: Redirect) -> str:
    """Give a comment of plain letters: no line end can leave it."""
    plain = "".join(letter if letter.isalnum() or letter in " .-·" else " " for letter in item.label)
    words = " ".join(plain.split())[:100]
    # A backslash at its end would join lines in Apache; none is left above.
    return f"  # {words}" if words else ""
