"""Write the table of promises in desktop/README.md: which tests carry the number of each.

`--check` changes nothing and fails when the table isn't as the tests are, or a promise or failure has none.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROMISES, FAILURES = 18, 38
NUMBERED = [
    *(("I", number) for number in range(1, PROMISES + 1)),
    *(("M", number) for number in range(1, FAILURES + 1)),
]
_TEST = re.compile(r"^ *(?:async )?def test_(\w+)", re.MULTILINE)
_MACHINE = re.compile(r"^Test(\w+) =", re.MULTILINE)
_IN_TEST = re.compile(r"(?:^|_)([im])(\d\d)(?=_)")
_IN_MACHINE = re.compile(r"(I)(\d\d)")
_BEGIN, _END = "|---|---|\n| I1 |", "\nNot tested here"


def numbers_in(source: str) -> Iterator[tuple[str, int]]:
    """Give the promises and failures that the names of a file's tests carry."""
    for names, number in ((_TEST, _IN_TEST), (_MACHINE, _IN_MACHINE)):
        for name in names.findall(source):
            for letter, digits in number.findall(name):
                yield letter.upper(), int(digits)


def tests_of(folder: Path) -> dict[tuple[str, int], set[str]]:
    """Give the files whose tests carry each number, as paths below the folder."""
    found: dict[tuple[str, int], set[str]] = {}
    for path in folder.rglob("test_*.py"):
        name = path.relative_to(folder).with_suffix("").as_posix()
        for number in numbers_in(path.read_text(encoding="utf-8")):
            found.setdefault(number, set()).add(name)
    return found


def table_of(found: Mapping[tuple[str, int], set[str]]) -> str:
    """Write a row for each number, in order."""
    rows = []
    for letter, number in sorted(found):
        names = ", ".join(f"`{name}`" for name in sorted(found[letter, number]))
        rows.append(f"| {letter}{number} | {names} |")
    return "\n".join(rows) + "\n"


def with_table(text: str, table: str) -> str:
    """Give the page with another table in the place of its own."""
    begin = text.index(_BEGIN) + _BEGIN.index("| I1")
    return text[:begin] + table + text[text.index(_END, begin) :]


def main(arguments: list[str]) -> int:
    """Write the table, or check it."""
    page, found = ROOT / "desktop" / "README.md", tests_of(ROOT / "tests")
    before = page.read_text(encoding="utf-8")
    after = with_table(before, table_of(found))
    missing = [f"{letter}{number}" for letter, number in NUMBERED if (letter, number) not in found]
    if missing:
        print(f"no test carries the number of: {', '.join(missing)}")
    if "--check" not in arguments:
        page.write_text(after, encoding="utf-8")
    elif after != before:
        print("the table of promises isn't as the tests are: run python3 build/promises.py")
    return 1 if missing or ("--check" in arguments and after != before) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
