"""Redirect rules: each leads where it should, and no target breaks out of the file that it stands in."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stojnica.domain.errors import UserFacingError
from stojnica.domain.redirects import (
    Redirect,
    apache_rules,
    nginx_rules,
    sorted_redirects,
    static_pages,
)
from stojnica.domain.short_code import ALPHABET, CODE_LENGTH
from stojnica.domain.short_link_answer import LinkAnswer, leads_to
from stojnica.domain.web_target import is_short_base, is_target, plain_target
from stojnica.printing.campaign import campaign_link
from stojnica.services.redirect_export import checked_short_links, write_pages, write_rules

BASE = "https://example.org/l/"
TARGET = "https://workcamps.sci.ngo/?utm_source=lupa&utm_medium=qr&utm_content=camps-sl-7c2k4m#top"
_CODES = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
# One directive each, as the servers' own parsers read a line: quoted words without any escape in them.
_NGINX = re.compile(r'location = (/[\w./~-]+) \{ return 302 "([^"\\$\s]+)"; \}(?:  # [^\n]*)?')
_APACHE = re.compile(r'Redirect 302 "(/[\w./~-]+)" "([^"\\$\s]+)"')
_HOSTILE = (
    'https://example.org/"; } location / { root /; } #',
    "https://example.org/$http_cookie",
    "https://example.org/${HOME}",
    "https://example.org/\\",
    "https://example.org/\nRedirect / https://evil.example",
    "https://example.org/'><script>alert(1)</script>",
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example/",
    "https://user@evil.example/",
    "https://user:pass@evil.example/",
    "https:///no-host",
    "https://[::1/",
    "https://example.org:99999/",
    "https://example.org/č",
    "https://example.org/a b",
    "https://example.org/\x00",
    "",
)


def nginx_read(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = [_NGINX.fullmatch(line) for line in lines]
    assert all(found), lines
    return {match[1]: match[2] for match in found if match}


def apache_read(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = [_APACHE.fullmatch(line) for line in lines]
    assert all(found), lines
    return {match[1]: match[2] for match in found if match}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hrefs += [value or "" for name, value in attrs if name == "href"]


def test_each_server_gets_a_rule_that_leads_exactly_there() -> None:
    rules = [Redirect("7c2k4m", TARGET, "camps · sl · Festival LUPA")]

    assert nginx_read(nginx_rules(BASE, rules)) == {"/l/7c2k4m": TARGET}
    assert apache_read(apache_rules(BASE, rules)) == {"/l/7c2k4m": TARGET}
    (page,) = static_pages(rules).values()
    assert leads_to(LinkAnswer(200, page=page.decode())) == TARGET


@pytest.mark.parametrize("target", _HOSTILE)
def test_a_hostile_target_gets_no_rule_at_all(target: str) -> None:
    found = sorted_redirects([Redirect("7c2k4m", target), Redirect("7c2k4n", TARGET)])

    assert [item.code for item in found.good] == ["7c2k4n"]
    assert found.refused == ("7c2k4m",)
    for write in (lambda r: nginx_rules(BASE, r), lambda r: apache_rules(BASE, r), static_pages):
        with pytest.raises(ValueError, match="redirect"):
            write([Redirect("7c2k4m", target)])


@given(_CODES, st.text(max_size=80), st.text(max_size=60))
@example("7c2k4m", 'a"; return 301 "', "label\nRedirect / x \\")
@example("7c2k4m", "?x=1;2,3'4=(5)", "# }")
def test_whatever_stands_in_an_address_or_a_label_stays_in_its_place(
    code: str, rest: str, label: str
) -> None:
    target = plain_target("https://example.org/" + rest)
    found = sorted_redirects([Redirect(code, target, label)])

    for item in found.good:
        assert nginx_read(nginx_rules(BASE, [item])) == {f"/l/{code}": target}
        assert apache_read(apache_rules(BASE, [item])) == {f"/l/{code}": target}
        (page,) = static_pages([item]).values()
        reader = _Links()
        reader.feed(page.decode())
        assert leads_to(LinkAnswer(200, page=page.decode())) == target
        assert reader.hrefs == [target]
        assert set(reader.tags) == {"html", "head", "meta", "title", "body", "p", "a"}


@given(st.from_regex(r"https?://[a-z]{1,12}\.(org|si|čšž)(:80)?/[^\s@\x00-\x1f]{0,40}", fullmatch=True))
def test_every_link_of_a_campaign_can_be_a_target(url: str) -> None:
    try:
        link = campaign_link(url, event_code="lupa", project="cerv", item="camps", variant="sl", run="7c2k4m")
    except UserFacingError:
        return

    assert is_target(link), link
    assert link.split("#")[0].endswith("utm_content=camps-sl-7c2k4m")


def test_a_code_of_two_runs_leads_nowhere_and_is_named() -> None:
    other = "https://example.org/other"

    found = sorted_redirects([Redirect("7c2k4m", target) for target in (TARGET, other, TARGET)])

    assert (found.good, found.twice) == ((), ("7c2k4m",))
    assert len(sorted_redirects([Redirect("7c2k4m", TARGET), Redirect("7c2k4m", TARGET, "again")]).good) == 1


@pytest.mark.parametrize(
    ("base", "is_good"),
    [
        ("https://example.org/l/", True),
        ("https://example.org/", True),
        ("https://go.example.org:8443/a/b/", True),
        ("http://example.org/l/", False),
        ("https://example.org/l", False),
        ("https://example.org/../l/", False),
        ("https://example.org/l/?x=/", False),
        ("https://user@example.org/l/", False),
        ('https://example.org/";}/', False),
        ("https://example.org/" + "l" * 60 + "/", False),
        ("", False),
        (None, False),
    ],
)
def test_what_short_links_may_begin_with(base: object, is_good: bool) -> None:
    assert is_short_base(base) is is_good


def test_files_are_written_for_the_web_server_to_read(tmp_path: Path) -> None:
    links = checked_short_links(BASE, [Redirect("7c2k4m", TARGET)])

    write_rules(links, "nginx", tmp_path / "short.conf")
    number = write_pages(links, tmp_path / "l")

    page = tmp_path / "l" / "7c2k4m" / "index.html"
    assert number == 1
    assert "7c2k4m" in (tmp_path / "short.conf").read_text()
    assert page.stat().st_mode & 0o777 == 0o644


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "l").write_text("a file is in the way")
    links = checked_short_links(BASE, [Redirect("7c2k4m", TARGET)])

    with pytest.raises(UserFacingError) as told:
        write_pages(links, tmp_path / "l")

    assert told.value.code == "unwritable_file"


def test_without_a_base_nothing_is_written() -> None:
    with pytest.raises(UserFacingError) as told:
        checked_short_links("", [Redirect("7c2k4m", TARGET)])

    assert told.value.code == "no_base"
