"""What one team tells the next, and what is known after the event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MAX_LINES = 60
LINE_LIMIT = 300
NOTE_LIMIT = 2_000
MAX_FIGURE = 999_999
FIGURES = ("reached", "conversations", "flyers", "contacts", "groups", "pupils")
ROLES = ("kiosk", "typing", "counting")
LETTERS = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Matter:
    """Hold a thing that the next team has to know about, done or open."""

    text: str
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Handover:
    """Hold one handover; `figures` and `other` (the other laptop's) are by the names in `FIGURES`."""

    figures: Mapping[str, int]
    other: Mapping[str, int]
    matters: tuple[Matter, ...] = ()
    to_order: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    laptop: str = ""
    role: str = ""

    @property
    def shown(self) -> tuple[str, ...]:
        """Give the figures that have a line of their own; pupils have one where a group was."""
        names = ("reached", "conversations", "flyers", "contacts")
        has_pupils = bool(self.figures.get("pupils") or self.other.get("pupils"))
        return (*names, "pupils") if has_pupils else names

    def data(self) -> dict[str, object]:
        """Give what a fact keeps of it."""
        return {
            "figures": dict(self.figures),
            "other": dict(self.other),
            "matters": [{"text": item.text, "done": item.is_done} for item in self.matters],
            "to_order": list(self.to_order),
            "unanswered": list(self.unanswered),
            "here": list(self.here),
            "laptop": self.laptop,
            "role": self.role,
        }


def handover_from(data: Mapping[str, Any]) -> Handover:
    """Read a handover from a fact's data; what is of the wrong type or too much is left out."""
    matters = data.get("matters")
    items = matters if isinstance(matters, list) else []
    found = [
        Matter(item["text"][:LINE_LIMIT], item.get("done") is True)
        for item in items[:MAX_LINES]
        if isinstance(item, Mapping) and isinstance(item.get("text"), str)
    ]
    laptop, role = data.get("laptop"), data.get("role")
    return Handover(
        figures=_figures(data.get("figures")),
        other=_figures(data.get("other")),
        matters=tuple(found),
        to_order=_lines(data.get("to_order")),
        unanswered=_lines(data.get("unanswered")),
        here=_lines(data.get("here")),
        laptop=laptop if isinstance(laptop, str) and laptop in LETTERS else "",
        role=role if isinstance(role, str) and role in ROLES else "",
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hold how many of the people reached the team took for whom, and how it came to that."""

    female: int | None = None
    male: int | None = None
    other: int | None = None
    method: str = ""

    @property
    def is_given(self) -> bool:
        """Tell whether there is any number."""
        return any(number is not None for number in (self.female, self.male, self.other))


NO_ESTIMATE = Estimate()


@dataclass(frozen=True, slots=True)
class Debrief:
    """Hold what is known after the event; numbers are None while nobody has counted."""

    taken: int | None = None
    brought_back: int | None = None
    worked: str = ""
    incidents: str = ""
    questions: str = ""
    estimate: Estimate = NO_ESTIMATE

    @property
    def handed_out(self) -> int | None:
        """Give taken less brought back; None while one of them is missing."""
        if self.taken is None or self.brought_back is None:
            return None
        return self.taken - self.brought_back

    @property
    def is_complete(self) -> bool:
        """Tell whether the stock was counted and something was noted."""
        return self.handed_out is not None and bool(self.worked or self.incidents or self.questions)

    def data(self) -> dict[str, object]:
        """Give what a fact keeps of it."""
        return {
            "taken": self.taken,
            "brought_back": self.brought_back,
            "worked": self.worked,
            "incidents": self.incidents,
            "questions": self.questions,
            "female": self.estimate.female,
            "male": self.estimate.male,
            "other": self.estimate.other,
            "method": self.estimate.method,
        }


def debrief_from(data: Mapping[str, Any]) -> Debrief:
    """Read a debrief from a fact's data; what is of the wrong type is left out."""

    def note(name: str) -> str:
        value = data.get(name)
        return value[:NOTE_LIMIT] if isinstance(value, str) else ""

    return Debrief(
        taken=figure_from(data.get("taken")),
        brought_back=figure_from(data.get("brought_back")),
        worked=note("worked"),
        incidents=note("incidents"),
        questions=note("questions"),
        estimate=Estimate(
            female=figure_from(data.get("female")),
            male=figure_from(data.get("male")),
            other=figure_from(data.get("other")),
            method=note("method")[:LINE_LIMIT],
        ),
    )


def figure_from(value: object) -> int | None:
    """Give a number of things or people when it can be one."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and 0 <= value <= MAX_FIGURE else None


def _figures(value: object) -> dict[str, int]:
    told = value if isinstance(value, Mapping) else {}
    read = {name: figure_from(told.get(name)) for name in FIGURES}
    return {name: number for name, number in read.items() if number is not None}


def _lines(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(item[:LINE_LIMIT] for item in items[:MAX_LINES] if isinstance(item, str))
