"""I2: what leaves a laptop was proven in an earlier session, is in a backup, and its days are over."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from tests.sync.laptops import Laptop, keys
from tests.sync.offices import Way
from tests.sync.purging import (
    DAY_US,
    DAYS,
    OfficeClock,
    decide,
    delivered_and_covered,
    delivered_and_old,
    look,
    purge,
    stubs,
)

from stojnica import failpoint
from stojnica.domain import kinds
from stojnica.domain.attachment import JPEG, SLIP_SCAN
from stojnica.domain.duplicate import ContactKeys
from stojnica.records.typed import SIGNUP, SIGNUP_WORD
from stojnica.services.attachments import attach_file
from stojnica.storage.marks import mark_contact, marked_contacts
from stojnica.storage.memory import recall
from stojnica.storage.proof_times import newest_proof, note_begun
from stojnica.storage.purge import purge_contacts
from stojnica.storage.stubs import COPIES_STALE
from stojnica.storage.tables import DELIVERY
from stojnica.storage.unit import UnitOfWork


def test_i02_a_contact_leaves_when_all_of_it_is_proven_covered_and_old_enough(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    captured = laptop.capture(3)
    delivered_and_covered(laptop, way, days)
    assert purge(laptop) == 0

    days.pass_days(DAYS)
    laptop.sync()

    assert purge(laptop) == 3
    assert laptop.facts() == []
    assert stubs(laptop) == way.office.facts() == keys(captured)
    assert purge(laptop) == 0


def test_i02_without_a_decision_of_the_office_nothing_leaves(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    decide(laptop, days=None)
    captured = laptop.capture()
    delivered_and_covered(laptop, way, days)
    days.pass_days(3_650)
    laptop.sync()

    assert purge(laptop) == 0
    assert laptop.facts() == keys(captured)


def test_i02_what_was_proven_only_in_the_newest_session_stays(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    # Given a contact in a backup whose one proof is the newest, and a centre whose clock ran in between
    laptop.capture()
    laptop.sync()
    way.office.back_up()
    laptop.sync()
    newest = laptop.store.read(newest_proof).result()
    assert newest is not None
    laptop.execute(sa.update(DELIVERY).values(proven_in=newest.session))
    laptop.store.write(lambda unit: _note_begun(unit, newest.session)).result()

    assert purge(laptop) == 0

    # Then it leaves after the next one
    laptop.sync()
    assert purge(laptop) == 1


@pytest.mark.parametrize("missing", ["backup", "proof", "days"])
def test_i02_one_thing_that_is_missing_keeps_a_contact(
    laptop: Laptop, way: Way, days: OfficeClock, missing: str
) -> None:
    captured = laptop.capture()
    laptop.sync()
    if missing != "backup":
        way.office.back_up()
    days.pass_days(DAYS - 1 if missing == "days" else DAYS + 1)
    laptop.sync()
    if missing == "proof":
        late = laptop.store.write(lambda unit: _say_more(unit, captured[0].fact.subject_id)).result()
        assert late

    assert purge(laptop) == 0
    plan = look(laptop).plan
    assert (plan.uncovered, plan.unproven, sum(one.contacts for one in plan.later)) == (
        int(missing == "backup"),
        int(missing == "proof"),
        int(missing == "days"),
    )


def test_i02_what_was_said_later_prolongs_the_days_of_the_whole_contact(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    captured = laptop.capture()
    delivered_and_covered(laptop, way, days)
    days.pass_days(DAYS - 10)
    laptop.store.write(lambda unit: _say_more(unit, captured[0].fact.subject_id)).result()
    delivered_and_covered(laptop, way, days)
    days.pass_days(15)
    laptop.sync()
    assert purge(laptop) == 0

    days.pass_days(16)
    laptop.sync()

    assert purge(laptop) == 1


def test_i02_the_choice_is_checked_again_where_it_is_carried_out(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    # Given a contact that may go, of which somebody says more between the choice and the deed
    captured = laptop.capture(2)
    delivered_and_old(laptop, way, days)
    subject = captured[0].fact.subject_id
    chosen = look(laptop).plan.due
    assert len(chosen) == 2
    laptop.store.write(lambda unit: _say_more(unit, subject)).result()

    gone = laptop.store.write(lambda unit: _purge(unit, chosen)).result()

    assert gone == 1
    assert len(laptop.facts()) == 3


def test_i02_scans_words_and_marks_go_with_their_contact(laptop: Laptop, way: Way, days: OfficeClock) -> None:
    # Given a contact with a scan of two pieces, that can be found and recognised
    contact = laptop.capture(phone="+38640123456")[0].fact.subject_id
    assert attach_file(laptop.store, contact, bytes(300_000), purpose=SLIP_SCAN, media_type=JPEG)
    known = ContactKeys.of("zana.kos@example.org", "+38640123456")
    laptop.store.write(lambda unit: _mark(unit, contact, known)).result()
    delivered_and_old(laptop, way, days)
    assert laptop.store.read(lambda one: marked_contacts(one, known)).result()

    # When it leaves
    assert purge(laptop) == 1

    # Then nothing of it is left but stubs, and the office has all of it
    def rows(connection: sa.Connection) -> list[int]:
        return [
            int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
            for table in (SIGNUP, SIGNUP_WORD)
        ]

    assert laptop.facts() == []
    assert laptop.store.read(rows).result() == [0, 0]
    assert laptop.store.read(lambda one: marked_contacts(one, known)).result() == []
    assert stubs(laptop) == way.office.facts()
    assert laptop.store.read(lambda one: recall(one, COPIES_STALE)).result()


def test_i02_a_scan_that_is_still_on_its_way_keeps_its_contact(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    contact = laptop.capture()[0].fact.subject_id
    delivered_and_old(laptop, way, days)
    assert attach_file(laptop.store, contact, bytes(300_000), purpose=SLIP_SCAN, media_type=JPEG)

    assert purge(laptop) == 0
    assert look(laptop).plan.unproven == 1


def test_i02_a_kill_between_two_steps_leaves_a_file_that_goes_on(
    laptop: Laptop, way: Way, days: OfficeClock
) -> None:
    # Given thirty contacts that may go, and a purge that is cut off in a later step
    laptop.capture(30)
    delivered_and_old(laptop, way, days)
    seen: list[int] = []

    def stop() -> None:
        seen.append(1)
        if len(seen) == 25:
            raise KeyboardInterrupt

    failpoint.arm("purge.between_contacts", stop)
    try:
        with pytest.raises(KeyboardInterrupt):
            purge(laptop)
    finally:
        failpoint.disarm("purge.between_contacts")
    half = laptop.sync()

    # Then whole steps are kept, the one that was cut off not at all, and the next run does the rest
    assert half.is_complete
    left = len(laptop.facts()) // 2
    assert 6 <= left < 30
    assert purge(laptop) == left
    assert laptop.facts() == []
    assert laptop.sync().is_complete


def _say_more(unit: UnitOfWork, subject_id: UUID) -> bool:
    unit.record(kinds.CORRECTED, subject_id, {"town": "Kranj"})
    unit.commit()
    return True


def _note_begun(unit: UnitOfWork, session: UUID) -> None:
    note_begun(unit.connection, session, 1)
    unit.commit()


def _purge(unit: UnitOfWork, chosen: tuple[UUID, ...]) -> int:
    gone = purge_contacts(unit, chosen, DAYS * DAY_US)
    unit.commit()
    return gone


def _mark(unit: UnitOfWork, subject_id: UUID, known: ContactKeys) -> None:
    mark_contact(unit.connection, subject_id, 1, known)
    unit.commit()
