"""One place in a document that people edit: it checks itself, and knows how to name itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from stojnica.domain.errors import UserFacingError
from stojnica.domain.text import clean_text
from stojnica.i18n import gettext as _

NAME_LENGTH = 64
URL_LIMIT = 500
MAX_LANGUAGES = 40
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


class DocumentError(UserFacingError):
    """Say where the organisation's document is wrong, and why; `place` is like "wordings[3].text", or ""."""

    def __init__(self, place: str, reason: str, code: str = "document") -> None:
        if place:
            what = _("This document can't be used: at {place}, {reason}.")
        else:
            what = _("This document can't be used: {reason}.")
        super().__init__(
            what.format(place=place, reason=reason),
            safe=_("Nothing was changed."),
            next_step=_("Correct the file and try again."),
            code=code,
        )
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Node:
    """Hold a value of unknown shape and its place; each method checks, or raises `DocumentError`."""

    value: object
    place: str
    refuse_unknown: bool = False

    def error(self, reason: str, code: str) -> DocumentError:
        """Make the error for this place."""
        return DocumentError(self.place, reason, code)

    def _child(self, value: object, name: str) -> "Node":
        return Node(value, f"{self.place}.{name}" if self.place else name, self.refuse_unknown)

    def mapping(self) -> dict[str, "Node"]:
        """Give what is inside by name."""
        if not isinstance(self.value, Mapping):
            raise self.error(_("names with values in braces are needed here"), "shape")
        return {str(name): self._child(item, str(name)[:NAME_LENGTH]) for name, item in self.value.items()}

    def fields(self, required: str, optional: str = "") -> dict[str, "Node"]:
        """Give the fields that are there; both parameters are names with spaces between."""
        found = self.mapping()
        for name in required.split():
            if name not in found:
                raise self.error(_("“{name}” is missing").format(name=name), "missing")
        known = {*required.split(), *optional.split()}
        if self.refuse_unknown:
            for name in found:
                if name not in known:
                    raise found[name].error(_("this name is not known here"), "unknown")
        return {name: node for name, node in found.items() if name in known}

    def items(self, limit: int) -> list["Node"]:
        """Give the items of a list."""
        if not isinstance(self.value, Sequence) or isinstance(self.value, str):
            raise self.error(_("a list in square brackets is needed here"), "shape")
        if len(self.value) > limit:
            raise self.error(_("the list is too long: at most {count}").format(count=limit), "too_many")
        return [
            Node(item, f"{self.place}[{index}]", self.refuse_unknown) for index, item in enumerate(self.value)
        ]

    def text(self, limit: int, *, blank: bool = False, multiline: bool = False) -> str:
        """Give a tidy text."""
        if not isinstance(self.value, str):
            raise self.error(_("a text in quotation marks is needed here"), "shape")
        checked = clean_text(self.value, limit, multiline=multiline)
        if checked.value is None:
            problem = checked.problem
            raise self.error(_text_reason(problem.code if problem else "", limit), "text")
        if not checked.value and not blank:
            raise self.error(_("a text is needed here"), "blank")
        return checked.value

    def name(self, *, blank: bool = False) -> str:
        """Give a short technical name: letters without marks, digits, dot, hyphen, underscore."""
        text = self.text(NAME_LENGTH, blank=blank)
        if text and not _NAME.fullmatch(text):
            raise self.error(_("letters without marks, digits and hyphens only, at most 64"), "name")
        return text

    def one_of(self, allowed: Sequence[str]) -> str:
        """Give one of a few words."""
        text = self.text(NAME_LENGTH)
        if text not in allowed:
            raise self.error(_("this has to be one of: {words}").format(words=", ".join(allowed)), "choice")
        return text

    def integer(self, low: int, high: int) -> int:
        """Give a whole number within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not low <= self.value <= high:
            reason = _("a whole number from {low} to {high} is needed here").format(low=low, high=high)
            raise self.error(reason, "number")
        return self.value

    def flag(self) -> bool:
        """Give true or false."""
        if not isinstance(self.value, bool):
            raise self.error(_("true or false is needed here"), "shape")
        return self.value

    def day(self) -> date:
        """Give a day, written "2024-09-20"."""
        text = self.text(NAME_LENGTH)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self.error(_("a day is written like 2024-09-20"), "day")

    def moment(self) -> str:
        """Give a local day and time, written "2024-09-20T10:00"."""
        text = self.text(NAME_LENGTH)
        try:
            if _MOMENT.fullmatch(text) and datetime.fromisoformat(text):
                return text
        except ValueError:
            pass
        raise self.error(_("a day with its time is written like 2024-09-20T10:00"), "moment")

    def time_zone(self) -> str:
        """Give the name of a time zone of the IANA database."""
        text = self.text(NAME_LENGTH)
        try:
            ZoneInfo(text)
        except (ValueError, OSError, KeyError) as error:
            raise self.error(_("a time zone is written like Europe/Ljubljana"), "time_zone") from error
        return text

    def url(self, *, blank: bool = False) -> str:
        """Give a web address with http or https."""
        text = self.text(URL_LIMIT, blank=blank)
        if text and not _is_web_address(text):
            raise self.error(_("a web address starts with https:// and has no spaces"), "url")
        return text

    def language(self) -> str:
        """Give the code of a language (ISO 639)."""
        text = self.text(NAME_LENGTH)
        if not _LANGUAGE.fullmatch(text):
            raise self.error(_("a language is written like sl or en"), "language")
        return text

    def country(self) -> str:
        """Give the code of a country (ISO 3166)."""
        text = self.text(NAME_LENGTH)
        if not _COUNTRY.fullmatch(text):
            raise self.error(_("a country is written like SI"), "country")
        return text

    def key_as_country(self, key: str) -> str:
        """Check one of the names inside, which has to be the code of a country."""
        return self._child(key, key[:NAME_LENGTH]).country()

    def by_language(self) -> dict[str, "Node"]:
        """Give what is inside by language; at least one is there."""
        found = self.mapping()
        if not found or len(found) > MAX_LANGUAGES:
            raise self.error(_("at least one language is needed here"), "language")
        for key, node in found.items():
            Node(key, node.place).language()
        return found

    def texts(self, limit: int) -> Mapping[str, str]:
        """Give one text by language."""
        return {language: node.text(limit) for language, node in self.by_language().items()}


def _text_reason(code: str, limit: int) -> str:
    if code == "too_long":
        return _("the text is longer than {limit} characters").format(limit=limit)
    return _("the text has hidden characters")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", text)
    except ValueError:
        return False
