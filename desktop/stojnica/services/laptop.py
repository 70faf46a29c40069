"""Which of the laptops at a stand this one is, and what its part is, so that nobody counts twice."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stojnica.domain.handover import LETTERS, ROLES
from stojnica.i18n import gettext as _
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LAPTOP_PLACE = "laptop_place"


@dataclass(frozen=True, slots=True)
class LaptopPlace:
    """Hold a laptop's letter and role; both are "" while it is the only one."""

    letter: str = ""
    role: str = ""

    @property
    def counts(self) -> bool:
        """Tell whether people are counted here: always, unless the part of this laptop is another."""
        return self.role in ("", "counting")

    def data(self) -> dict[str, str]:
        """Give what facts of the team say about it."""
        return {"laptop": self.letter, "role": self.role}


NO_PLACE = LaptopPlace()


def laptop_place(connection: "Connection") -> LaptopPlace:
    """Give what was chosen for this laptop."""
    kept = recall(connection, LAPTOP_PLACE, {})
    return LaptopPlace(kept.get("letter", ""), kept.get("role", ""))


def choose_place(store: Store, letter: str, role: str) -> "Future[LaptopPlace]":
    """Remember letter and role; what isn't one of them is kept as none."""
    place = LaptopPlace(letter if letter in LETTERS else "", role if role in ROLES else "")

    def keep(unit: UnitOfWork) -> LaptopPlace:
        remember(unit.connection, LAPTOP_PLACE, {"letter": place.letter, "role": place.role})
        unit.commit()
        return place

    return store.write(keep)


def role_name(role: str) -> str:
    """Name a role; "" for none."""
    names = {"kiosk": _("kiosk"), "typing": _("typing"), "counting": _("counting")}
    return names.get(role, "")


def written_place(place: LaptopPlace) -> str:
    """Write "computer A: counting"; "" for the only one."""
    if place.letter and place.role:
        text = _("computer {letter}: {role}")
        return text.format(letter=place.letter, role=role_name(place.role))
    return _("computer {name}").format(name=place.letter) if place.letter else role_name(place.role)
