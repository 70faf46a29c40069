"""Sticks and folders with copies beside this laptop, and a person's word that one of them exists no more."""

from collections.abc import Sequence
from dataclasses import dataclass

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.copies_in_short import CopiesInShort, CopyPlace, written_age
from stojnica.services.written_time import written_number
from stojnica.storage.copy_folders import UNMARKED

SHORT = 4


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Hold one stick or folder as it is shown: its name, what is noted of it, and what tells it apart."""

    folder: str
    folder_id: str
    name: str
    told: str


def short_mark(place: CopyPlace) -> str:
    """Give the letters by which a command means one of several sticks of one path; "" without a mark."""
    return "" if place.folder_id in ("", UNMARKED) else place.folder_id[:SHORT].upper()


def place_line(place: CopyPlace, now_us: int) -> PlaceLine:
    """Say what is noted of a stick: how many copies, how old the last is, and whom it may still hold."""
    text = ngettext("{number} copy, made {age}", "{number} copies, the last {age}", place.number)
    told = text.format(number=written_number(place.number), age=written_age(place.newest.made_at, now_us))
    if place.holds_erased:
        told = _("{copies}; somebody who was erased is still in it").format(copies=told)
    mark = short_mark(place)
    name = _("{place} (stick {mark})").format(place=place.folder, mark=mark) if mark else place.folder
    return PlaceLine(place.folder, place.folder_id, name, told)


def other_places(copies: CopiesInShort, now_us: int) -> tuple[PlaceLine, ...]:
    """Give the sticks and folders to which nothing is copied now, and the one in use if it holds too much."""
    used = copies.there
    return tuple(
        place_line(place, now_us)
        for place in copies.places
        if place.holds_erased
        or used is None
        or (place.folder, place.folder_id) != (used.folder, used.folder_id)
    )


def what_follows() -> tuple[str, ...]:
    """Say what follows when somebody says that a stick exists no more."""
    return (
        _("Stojnica no longer asks for it."),
        _("Its copies are encrypted. If they exist after all, people who were erased may still be in them."),
        _(
            "The office isn’t told that they are gone: nobody can check that from here. It goes on reading"
            " that copies of this laptop may be left. Tell the office what became of the stick."
        ),
    )


def find_place(places: Sequence[CopyPlace], said: str) -> CopyPlace:
    """Find the place that somebody means by its folder or the letters of its stick.

    Raises:
        UserFacingError: there is none, or more than one.
    """
    wanted = said.strip()
    found = [place for place in places if wanted.upper() == short_mark(place) or wanted == place.folder]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserFacingError(
            _("No copies are noted at {place}.").format(place=said),
            safe=_("Nothing was changed."),
            next_step=_("Look which ones there are: stojnica copies"),
            code="no_such_copies",
        )
    raise UserFacingError(
        _("Several sticks were connected at {place}.").format(place=said),
        safe=_("Nothing was changed."),
        next_step=_("Name the letters of the one that is gone: stojnica copies"),
        code="several_sticks",
    )
