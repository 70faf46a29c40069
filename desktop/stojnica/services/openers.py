"""Who can open this laptop: a passphrase for each lead of the stand, the office, and a code in reserve."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stojnica.domain.errors import UserFacingError
from stojnica.domain.text import NAME_LIMIT
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.pin import PinAnswer, PinLock
from stojnica.services.pin_change import not_proven
from stojnica.services.tidy_text import tidy_text
from stojnica.storage.home import OpenStore
from stojnica.storage.memory import recall, remember
from stojnica.storage.passphrase import WORDS, strength_of
from stojnica.storage.slots import (
    KEYRING,
    ORGANISATION,
    PASSPHRASE,
    RECOVERY,
    Argon2Cost,
    OpenedSlot,
    load_slots,
    one_change,
    save_slots,
    slot_opened_by,
    with_passphrase,
    without,
)
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NAMES = "opener_names"
REPAIRED = "slot_file_repaired_at"
# Each of them takes half a second when somebody unlocks.
MOST_PASSPHRASES = 8


@dataclass(frozen=True, slots=True)
class Opener:
    """Hold one passphrase: whose it is ("" if nobody said), and since when (µs UTC, 0 if not known)."""

    slot_id: str
    name: str
    since: int


@dataclass(frozen=True, slots=True)
class Openers:
    """Hold who can open a store; `repaired_at` is when its key file was put back from the copy, or 0."""

    people: tuple[Opener, ...]
    has_office: bool
    has_code: bool
    repaired_at: int = 0
    has_keyring: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class NewOpener:
    """Hold what a person wishes: the new words and whose they are, proven by words that open already."""

    proof: str
    words: str
    name: str


@dataclass(frozen=True, slots=True, repr=False)
class GoneOpener:
    """Hold which passphrase is to go, proven by words that open."""

    proof: str
    slot_id: str


def who_can_open(opened: OpenStore) -> Openers:
    """Read the slots, and the names that lie in the store. Blocks shortly."""
    slots = load_slots(opened.home.slots)
    names, repaired = opened.store.read(_names_and_repair).result()
    people = tuple(
        Opener(slot.slot_id, *_named(names.get(slot.slot_id))) for slot in slots.of_kind(PASSPHRASE)
    )
    return Openers(
        people,
        bool(slots.of_kind(ORGANISATION)),
        bool(slots.of_kind(RECOVERY)),
        repaired,
        bool(slots.of_kind(KEYRING)),
    )


def add_opener(opened: OpenStore, wish: NewOpener, cost: Argon2Cost | None = None) -> None:
    """Let another person open the store. Blocks for a second or two; the other ways in stay as they are.

    The name is kept inside the encrypted store: the file of keys lies beside it, and holds no names.

    Raises:
        UserFacingError: the proof is wrong, the words are too weak or open already, or too many are there.
    """
    name = tidy_text(wish.name, NAME_LIMIT, code="opener_name")
    check_new_words(wish.words)
    with one_change():
        _add(opened, wish.proof, wish.words, name, cost)


def _add(opened: OpenStore, proof: str, words: str, name: str, cost: Argon2Cost | None) -> None:
    slots = load_slots(opened.home.slots)
    if len(slots.of_kind(PASSPHRASE)) >= MOST_PASSPHRASES:
        raise _too_many()
    _prove(opened, proof)
    if slot_opened_by(slots, words) is not None:
        raise UserFacingError(
            _("These words open this laptop already."),
            safe=_("Nothing was changed."),
            next_step=_("Take other words, so that each person's can be taken out alone."),
            code="words_known",
        )
    slots = with_passphrase(slots, opened.key, words, cost=cost)
    slot_id = slots.slots[-1].slot_id
    opened.store.write(lambda unit: name_opener(unit, slot_id, name)).result()
    save_slots(opened.home.slots, slots)


def remove_opener(opened: OpenStore, wish: GoneOpener) -> None:
    """Take a passphrase out, never the last one. Blocks for half a second for each passphrase.

    Raises:
        UserFacingError: the proof is wrong, it is the last one, or it is the one that proved.
    """
    with one_change():
        _remove(opened, wish)


def _remove(opened: OpenStore, wish: GoneOpener) -> None:
    slots = load_slots(opened.home.slots)
    people = slots.of_kind(PASSPHRASE)
    if not any(slot.slot_id == wish.slot_id for slot in people):
        raise _taken_out()
    if len(people) < 2:
        raise UserFacingError(
            _("This is the last passphrase that opens this laptop."),
            safe=_("Nothing was changed."),
            next_step=_("Give another person words first, then take this one out."),
            code="last_opener",
        )
    proof = _prove(opened, wish.proof)
    if proof.slot.slot_id == wish.slot_id:
        raise UserFacingError(
            _("These are the very words that would be taken out."),
            safe=_("Nothing was changed."),
            next_step=_("Who stays takes them out, with their own words."),
            code="own_opener",
        )
    save_slots(opened.home.slots, without(slots, wish.slot_id))
    opened.store.write(lambda unit: _forget_name(unit, wish.slot_id)).result()


def check_new_words(words: str) -> None:
    """Refuse words that are too few, too short or repeated.

    Raises:
        UserFacingError: they are; with what is missing.
    """
    strength = strength_of(words)
    if strength.is_enough:
        return
    if strength.is_too_long:
        what = _("These words are too long.")
    elif strength.words < WORDS:
        what = ngettext(
            "Only {count} word counts: at least five different ones are needed, of three letters or more.",
            "Only {count} words count: at least five different ones are needed, of three letters or more.",
            strength.words,
        ).format(count=strength.words)
    else:
        what = _("These words are very short: 20 letters together are needed.")
    raise UserFacingError(
        what,
        safe=_("Nothing was changed."),
        next_step=_("Take five words that don't belong together, or those that are proposed."),
        code="weak_words",
    )


def name_opener(unit: UnitOfWork, slot_id: str, name: str) -> None:
    """Keep whose a passphrase is, and commit."""
    names = recall(unit.connection, NAMES, {})
    kept = {"name": name[:NAME_LIMIT], "since": unit.clock.now_us()}
    remember(unit.connection, NAMES, names | {slot_id: kept})
    unit.commit()


def say_whose(opened: OpenStore, slot_id: str, name: str) -> None:
    """Keep whose words they are, also in place of another name; since when they open stays. Blocks.

    Nobody has to prove anything for it: a name opens nothing, and takes nobody out.

    Raises:
        UserFacingError: the name can't be kept, or is empty; or these words were taken out.
    """
    if not any(slot.slot_id == slot_id for slot in load_slots(opened.home.slots).of_kind(PASSPHRASE)):
        raise _taken_out()
    tidy = tidy_text(name, NAME_LIMIT, code="opener_name")
    if not tidy:
        raise UserFacingError(
            _("There is no name yet."),
            safe=_("Nothing was changed."),
            next_step=_("Type a first name, or what everybody calls that person."),
            code="opener_name",
        )

    def keep(unit: UnitOfWork) -> None:
        names = recall(unit.connection, NAMES, {})
        _name, since = _named(names.get(slot_id))
        remember(unit.connection, NAMES, names | {slot_id: {"name": tidy, "since": since}})
        unit.commit()

    opened.store.write(keep).result()


def note_repair(unit: UnitOfWork) -> None:
    """Keep that the key file was put back from its copy, and commit."""
    remember(unit.connection, REPAIRED, unit.clock.now_us())
    unit.commit()


def _forget_name(unit: UnitOfWork, slot_id: str) -> None:
    names = recall(unit.connection, NAMES, {})
    if names.pop(slot_id, None) is not None:
        remember(unit.connection, NAMES, names)
        unit.commit()


def _names_and_repair(connection: "Connection") -> tuple[dict[str, Any], int]:
    return recall(connection, NAMES, {}), recall(connection, REPAIRED, 0)


def _named(kept: Any) -> tuple[str, int]:
    return ("", 0) if kept is None else (kept["name"], kept["since"])


def _prove(opened: OpenStore, words: str) -> OpenedSlot:
    """Find the slot that words open; wrong ones cost the same time as wrong PINs, and share it with them."""
    found: list[OpenedSlot] = []

    def is_right() -> bool:
        proof = slot_opened_by(load_slots(opened.home.slots), words) if words.strip() else None
        found.extend([proof] if proof is not None else [])
        return proof is not None

    answer = PinLock(opened.store).try_slowly(is_right)
    if not answer.is_right:
        raise _not_yours(answer)
    return found[0]


def _not_yours(answer: PinAnswer) -> UserFacingError:
    said = not_proven(answer, _("Your own words, as you typed them, don't open this laptop."))
    return UserFacingError(said.what, safe=said.safe, next_step=said.next_step, code="wrong_passphrase")


def _taken_out() -> UserFacingError:
    what = _("This passphrase was taken out already.")
    return UserFacingError(what, safe=_("Nothing was changed."), code="opener_gone")


def _too_many() -> UserFacingError:
    return UserFacingError(
        ngettext(
            "{count} passphrase opens this laptop already; more would make unlocking slow.",
            "{count} passphrases open this laptop already; more would make unlocking slow.",
            MOST_PASSPHRASES,
        ).format(count=MOST_PASSPHRASES),
        safe=_("Nothing was changed."),
        next_step=_("Take one out first that nobody needs any more."),
        code="many_openers",
    )
