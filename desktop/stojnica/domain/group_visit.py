"""A class or another group at the stand: who they are and how many; of the pupils nothing else is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from stojnica.domain.form import ORGANISATION, Form
from stojnica.domain.text import NAME_LIMIT, Problem, clean_text
from stojnica.i18n import gettext as _

MAX_PUPILS = 1_000
BAND_LIMIT = 16
TEACHER_FORM = Form("group_visit", 1, audience=ORGANISATION)
"""The teacher speaks for a school and is asked no age; a teacher is not a guardian of the pupils."""


@dataclass(frozen=True, slots=True)
class GroupVisit:
    """Hold one visit. It names no person: `teacher` is the subject of a sign-up, there when they agreed.

    `press` is the subject of the press that counted the pupils as people reached, None when they aren't.
    """

    school: str
    pupils: int
    town: str = ""
    age_band: str = ""
    teacher: UUID | None = None
    press: UUID | None = None

    def data(self) -> dict[str, object]:
        """Give what a fact keeps of it."""
        return {
            "school": self.school,
            "pupils": self.pupils,
            "town": self.town,
            "age_band": self.age_band,
            "teacher": _written(self.teacher),
            "press": _written(self.press),
        }

    def changes_from(self, before: "GroupVisit") -> dict[str, object]:
        """Give what a correction has to say: the fields that differ."""
        old = before.data()
        return {name: value for name, value in self.data().items() if value != old[name]}


FIELDS = ("school", "pupils", "town", "age_band", "teacher", "press")


def visit_from(data: Mapping[str, Any]) -> GroupVisit:
    """Read a visit from a fact's data; what is of the wrong type or too much is left out."""
    pupils = data.get("pupils")
    is_number = isinstance(pupils, int) and not isinstance(pupils, bool)
    return GroupVisit(
        school=_text(data.get("school"), NAME_LIMIT),
        pupils=pupils if is_number and isinstance(pupils, int) and 0 <= pupils <= MAX_PUPILS else 0,
        town=_text(data.get("town"), NAME_LIMIT),
        age_band=_text(data.get("age_band"), BAND_LIMIT),
        teacher=_subject(data.get("teacher")),
        press=_subject(data.get("press")),
    )


@dataclass(frozen=True, slots=True)
class VisitForm:
    """Hold what was typed about a group, exactly so."""

    school: str = ""
    town: str = ""
    pupils: str = ""
    age_band: str = ""


@dataclass(frozen=True, slots=True)
class VisitCheck:
    """Hold all problems at once; `visit` is there only when there is none."""

    problems: tuple[Problem, ...] = ()
    visit: GroupVisit | None = field(default=None)


def check_visit(form: VisitForm) -> VisitCheck:
    """Check what was typed about a group; nothing that was typed raises."""
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    for name in ("school", "town"):
        checked = clean_text(getattr(form, name), NAME_LIMIT)
        texts[name] = checked.value or ""
        if checked.problem is not None:
            problems.append(checked.problem.at(name))
        elif name == "school" and not checked.value:
            problems.append(Problem(name, "missing", _("Write which school or group it is.")))
    pupils = read_pupils(form.pupils)
    if pupils is None:
        message = _("A whole number from 1 to {most} is needed.").format(most=MAX_PUPILS)
        problems.append(Problem("pupils", "pupils", message))
    if problems or pupils is None:
        return VisitCheck(tuple(problems))
    return VisitCheck((), GroupVisit(texts["school"], pupils, texts["town"], form.age_band[:BAND_LIMIT]))


def read_pupils(typed: str) -> int | None:
    """Read how many they are; None when it is no number that a group can have."""
    digits = typed.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        return None
    return int(digits) if 0 < int(digits) <= MAX_PUPILS else None


def _text(value: object, limit: int) -> str:
    return value[:limit] if isinstance(value, str) else ""


def _subject(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def _written(subject_id: UUID | None) -> str:
    return "" if subject_id is None else str(subject_id)
