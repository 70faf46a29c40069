"""Walking through a template's document: each mistake has a place."""

import re
from collections.abc import Collection
from typing import Any

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.printing.colour import Colour, parse_colour

LONGEST_WORDS = 400
_DECIMAL = re.compile(r"-?[0-9]{1,4}\.[0-9]{1,4}")


class BadTemplateError(UserFacingError):
    """Say which place in a template's file is wrong; `where` is its path, like ``styles.title.size_pt``."""

    def __init__(self, name: str, where: str, reason: str) -> None:
        super().__init__(
            _("The flyer template “{name}” cannot be used. At {where}: {reason}").format(
                name=name, where=where, reason=reason
            ),
            safe=_("Nothing was printed."),
            next_step=_("Choose another template, or have this one corrected."),
            code="bad_template",
        )
        self.where = where


class Node:
    """Walk a JSON document and know where one is."""

    def __init__(self, name: str, where: str, value: Any) -> None:
        self.name = name
        self.where = where
        self.value = value

    def wrong(self, reason: str) -> BadTemplateError:
        """Make the error for this place."""
        return BadTemplateError(self.name, self.where or "file", reason)

    def child(self, key: str, default: Any = None) -> "Node":
        """Go into an object; without a default it has to be there."""
        if not isinstance(self.value, dict):
            raise self.wrong(_("an object belongs here."))
        where = f"{self.where}.{key}".lstrip(".")
        if key not in self.value and default is None:
            raise BadTemplateError(self.name, where, _("it is missing."))
        return Node(self.name, where, self.value.get(key, default))

    def children(self) -> dict[str, "Node"]:
        """Give what is inside, by name."""
        if not isinstance(self.value, dict):
            raise self.wrong(_("an object belongs here."))
        return {key: self.child(key) for key in self.value}

    def items(self) -> list["Node"]:
        """Give the items of a list."""
        if not isinstance(self.value, list) or len(self.value) > 100:
            raise self.wrong(_("a list belongs here."))
        return [Node(self.name, f"{self.where}[{n}]", item) for n, item in enumerate(self.value)]

    def number(self, least: float, most: float) -> float:
        """Give a number within bounds; decimals may be written as texts."""
        value = self.value
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            value = float(value)  # The organisation's document knows whole numbers only.
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            reason = _("a number from {least} to {most} belongs here.").format(least=least, most=most)
            raise self.wrong(reason)
        return float(value)

    def one_of(self, choices: Collection[str]) -> str:
        """Give one of a few words."""
        if not isinstance(self.value, str) or self.value not in choices:
            raise self.wrong(
                _("one of these belongs here: {choices}.").format(choices=", ".join(sorted(choices)))
            )
        return self.value

    def text(self) -> str:
        """Give a text of bounded length."""
        if not isinstance(self.value, str) or len(self.value) > LONGEST_WORDS:
            raise self.wrong(_("a text of at most {count} letters belongs here.").format(count=LONGEST_WORDS))
        return self.value

    def truth(self) -> bool:
        """Give true or false."""
        if not isinstance(self.value, bool):
            raise self.wrong(_("true or false belongs here."))
        return self.value

    def numbers(self, count: int, least: float, most: float) -> list[float]:
        """Give a list of that many numbers."""
        found = [item.number(least, most) for item in self.items()]
        if len(found) != count:
            raise self.wrong(_("a list of {count} numbers belongs here.").format(count=count))
        return found


def read_colour(node: Node) -> Colour:
    """Read a colour that is written in six digits.

    Raises:
        BadTemplateError: it is written in another way.
    """
    try:
        return parse_colour(str(node.value))
    except ValueError as error:
        raise node.wrong(_("a colour like #0B6E63 belongs here.")) from error
