"""A crash loses no contact; and of a child's form that was given up nothing is ever on the disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from stojnica.domain.clock import SetClock
from stojnica.domain.event import Event
from stojnica.i18n import speaking
from stojnica.services.contact import ContactViewModel
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.memory import recall
from stojnica.storage.outbox import held
from stojnica.storage.unfinished import LONGEST_US, UNFINISHED
from stojnica.storage.unit import branch_of

SECOND_US = 1_000_000


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture
def page(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> ContactViewModel:
    return restarted(context, runner)


def restarted(context: StandContext, runner: DeferredRunner) -> ContactViewModel:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()
    return model


def type_name(page: ContactViewModel) -> None:
    page.type("first_name", "Tjaša")
    page.type("last_name", "Žnidaršič")


def rest(page: ContactViewModel, clock: SetClock, runner: DeferredRunner) -> None:
    """Let the hand rest for a second."""
    clock.at_us += SECOND_US
    page.tick()
    runner.run()


def kept(context: StandContext) -> list[Any]:
    found: list[Any] = context.store.read(lambda c: recall(c, UNFINISHED, [])).result()
    return found


def test_before_the_age_is_known_a_lock_loses_the_form_and_it_is_known_that_it_does(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner
) -> None:
    assert not page.is_unkept, "nothing is typed"

    type_name(page)
    assert page.is_unkept
    page.put_by()
    runner.run()
    assert kept(context) == []

    page.choose_band("18-30")
    assert not page.is_unkept
    page.put_by()
    runner.run()
    assert len(kept(context)) == 1


def test_a_contact_that_was_not_finished_is_offered_after_a_restart(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    page.choose_band("18-30")
    type_name(page)
    page.choose("free", "summer", True)
    page.tick_box("answer", True)
    rest(page, clock, runner)

    again = restarted(context, runner)
    assert again.state.unfinished == "T. Ž., typed at 14:32, was not saved."
    assert "Tjaša" not in repr(again.state)

    again.continue_unfinished()
    assert again.state.unfinished == ""
    assert again.state.form.first_name == "Tjaša"
    assert again.state.form.answers == {"free": ("summer",)}
    again.type("email", "tjasa@example.org")
    again.save()
    runner.run()

    assert context.store.read(lambda c: held(c, branch_of(c))).result().contacts == 1
    assert kept(context) == []
    assert restarted(context, runner).state.unfinished == ""


def test_it_is_kept_a_second_after_the_last_key_and_not_with_each(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    page.choose_band("18-30")
    type_name(page)
    page.tick()
    runner.run()
    assert kept(context) == []

    rest(page, clock, runner)

    assert [item["first_name"] for item in kept(context)] == ["Tjaša"]


def test_discarding_forgets_it_for_good(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    page.choose_band("31+")
    type_name(page)
    rest(page, clock, runner)
    again = restarted(context, runner)

    again.discard_unfinished()
    runner.run()

    assert again.state.unfinished == ""
    assert kept(context) == []


@pytest.mark.parametrize("end", ["save", "clear"])
def test_saving_and_emptying_take_it_off_the_disk(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock, end: str
) -> None:
    page.choose_band("18-30")
    type_name(page)
    page.type("email", "tjasa@example.org")
    page.tick_box("answer", True)
    rest(page, clock, runner)
    assert kept(context)

    getattr(page, end)()
    runner.run()

    assert kept(context) == []


def test_a_new_contact_typed_meanwhile_does_not_replace_the_one_that_is_offered(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    page.choose_band("18-30")
    type_name(page)
    rest(page, clock, runner)
    again = restarted(context, runner)
    again.choose_band("31+")
    again.type("first_name", "Bor")
    rest(again, clock, runner)
    assert len(kept(context)) == 2

    again.continue_unfinished()
    assert again.state.form.first_name == "Bor", "what is in the form now isn't thrown away"
    assert again.state.message is not None
    assert again.state.message.what == "Save what is in the form first, or empty it."
    again.clear()
    again.continue_unfinished()

    assert again.state.form.first_name == "Tjaša"


def test_what_was_not_finished_on_that_day_is_offered_no_more(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    page.choose_band("18-30")
    type_name(page)
    rest(page, clock, runner)

    clock.at_us += LONGEST_US

    assert restarted(context, runner).state.unfinished == ""


PAGE, RESERVED, FRAME_HEAD, LOG_HEAD = 4096, 80, 24, 32


def decrypted(path: Path, key: bytes) -> bytes:
    """Give every page of the file in clear, free ones too, and every page of the log of changes."""
    file, log = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    pages = [file[start : start + PAGE] for start in range(0, len(file), PAGE)]
    step = FRAME_HEAD + PAGE
    pages += [log[start + FRAME_HEAD : start + step] for start in range(LOG_HEAD, len(log), step)]
    return b"".join(_clear(page, key) for page in pages if any(page))


def _clear(page: bytes, key: bytes) -> bytes:
    """Decrypt one page of SQLCipher 4: its vector is behind the content, the first one begins with a salt."""
    vector, content = page[PAGE - RESERVED :][:16], page[: PAGE - RESERVED]
    # Read both ways, since a page of the log doesn't say that it is the first: the wrong one is noise.
    ways = (content, content[16:])
    return b"".join(Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor().update(way) for way in ways)


@pytest.mark.parametrize("band", ["", "under-15"])
def test_a_form_without_an_age_or_of_a_child_leaves_nothing_on_the_disk(
    page: ContactViewModel,
    context: StandContext,
    runner: DeferredRunner,
    clock: SetClock,
    store_key: bytes,
    band: str,
) -> None:
    if band:
        page.choose_band(band)
    type_name(page)
    page.type("guardian", "Mojca Skrbnica")
    page.type("email", "otrok@example.org")
    for _second in range(3):
        rest(page, clock, runner)

    whole = decrypted(context.store.path, store_key)

    assert b"Festival LUPA" in whole, "the search finds what is there"
    for word in ("Tjaša", "Žnidaršič", "Skrbnica", "otrok@example.org"):
        assert word.encode() not in whole
    assert kept(context) == []


def test_an_age_that_turns_out_too_low_takes_it_off_the_disk_at_once(
    page: ContactViewModel,
    context: StandContext,
    runner: DeferredRunner,
    clock: SetClock,
    store_key: bytes,
) -> None:
    page.choose_band("15-17")
    type_name(page)
    rest(page, clock, runner)
    assert kept(context)
    assert "Žnidaršič".encode() in decrypted(context.store.path, store_key)

    page.choose_band("under-15")
    runner.run()

    assert kept(context) == []
    assert "Žnidaršič".encode() not in decrypted(context.store.path, store_key)


def test_the_name_of_a_guardian_is_never_in_a_form_that_is_kept(
    page: ContactViewModel, context: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    page.choose_band("under-15")
    page.type("guardian", "Mojca Skrbnica")
    page.choose_band("18-30")
    type_name(page)
    rest(page, clock, runner)

    assert [item["first_name"] for item in kept(context)] == ["Tjaša"]
    assert "Skrbnica" not in repr(kept(context))
