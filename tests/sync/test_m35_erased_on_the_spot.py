"""M35, I15: somebody at the stand wants everything erased, before, during and after the delivery."""

from contextlib import closing
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from tests.sync.conftest import Fleet
from tests.sync.laptops import Laptop, keys
from tests.sync.offices import Office, PostgresOffice, Way
from tests.sync.pens import Pen, answers, prove

from stojnica.central.projector import project_all
from stojnica.domain import kinds
from stojnica.domain.fact import StoredFact
from stojnica.records.typed import LIKENESS, SIGNUP, SIGNUP_WORD
from stojnica.storage.outbox import held
from stojnica.storage.schema import project_anew
from stojnica.storage.stubs import Stub, erase_person
from stojnica.storage.tables import ASIDE, DELIVERY, PROVEN, STUB, WAITING
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Credentials
from stojnica.sync.faults import wrong_database
from stojnica.sync.transport import ERASED, FOREIGN, Transport


def erase(laptop: Laptop, subject_id: UUID) -> int:
    """Erase a person as the service does."""

    def job(unit: UnitOfWork) -> int:
        gone = erase_person(unit, subject_id)
        unit.commit()
        return gone

    return laptop.store.write(job).result()


def stub_of(item: StoredFact) -> Stub:
    return Stub(item.fact.fact_id, item.content_hash, item.incarnation, item.seq)


def rows(laptop: Laptop, table: sa.Table) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return laptop.store.read(lambda connection: int(connection.execute(query).scalar_one())).result()


def test_m35_what_is_erased_before_the_delivery_never_leaves_and_is_accounted_for(
    fleet: Fleet, office: Office
) -> None:
    way = Way(office)
    laptop = fleet(way)
    gone, stays = laptop.capture(), laptop.capture()

    erased = erase(laptop, gone[0].fact.subject_id)
    result = laptop.sync()

    assert erased == 2
    assert {key for batch in way.pushed for key in batch} == set(keys(stays))
    assert office.facts() == keys(stays)
    assert result.is_complete
    assert (result.contacts, result.facts) == (1, 4)
    assert office.owed(laptop.credentials().device_id) == 0
    assert office.last_code(laptop.credentials().device_id) == result.receipt.code


def test_m35_what_is_erased_after_the_delivery_goes_at_the_office_too(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office))
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()

    erase(laptop, gone[0].fact.subject_id)
    waiting = laptop.unconfirmed()
    result = laptop.sync()

    assert (waiting.contacts, waiting.facts) == (0, 2)
    assert office.facts() == keys(stays)
    assert result.is_complete
    assert laptop.unconfirmed().facts == 0
    assert set(laptop.in_state(PROVEN)) == set(keys(gone, stays))


@pytest.mark.parametrize("step", ["push", "erase", "prove"])
@pytest.mark.parametrize("answer_is_lost", [False, True])
def test_m35_erased_while_a_delivery_breaks_off_all_is_whole_in_the_end(
    fleet: Fleet, office: Office, step: str, answer_is_lost: bool
) -> None:
    way = Way(office)
    laptop = fleet(way)
    first, gone, stays = laptop.capture(), laptop.capture(), laptop.capture()
    erase(laptop, first[0].fact.subject_id)

    def break_off(name: str) -> None:
        if name == step:
            way.be_sound()
            erase(laptop, gone[0].fact.subject_id)
            raise wrong_database("test")

    if answer_is_lost:
        way.after = break_off
    else:
        way.before = break_off
    with pytest.raises(Exception, match="server"):
        laptop.sync()
    result = laptop.sync()

    assert office.facts() == keys(stays)
    assert result.is_complete
    assert office.owed(laptop.credentials().device_id) == 0


def test_m35_erased_while_its_body_is_on_the_way_it_is_not_called_confirmed_before_the_office_knows(
    fleet: Fleet, office: Office
) -> None:
    way = Way(office)
    laptop = fleet(way)
    gone, stays = laptop.capture(), laptop.capture()

    def meanwhile(name: str) -> None:
        if name == "push":
            way.be_sound()
            erase(laptop, gone[0].fact.subject_id)

    way.after = meanwhile
    during = laptop.sync()
    calls = way.calls

    # Told behind the push, and proven once more behind that.
    assert "prove" in calls[calls.index("erase", calls.index("push")) :]
    assert during.is_complete
    assert laptop.unconfirmed().facts == 0
    assert office.facts() == keys(stays)


def test_i15_a_centre_that_went_back_to_a_backup_loses_the_body_again_with_the_next_sync(
    fleet: Fleet, office: Office
) -> None:
    laptop = fleet(Way(office))
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    backup = office.back_up()
    erase(laptop, gone[0].fact.subject_id)
    laptop.sync()

    office.restore(backup)
    came_back = office.facts()
    result = laptop.sync()

    assert came_back == keys(gone, stays)
    assert office.facts() == keys(stays)
    assert result.is_complete


def test_i15_an_emptied_centre_gets_the_number_and_never_the_body(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office))
    empty = office.back_up()
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    erase(laptop, gone[0].fact.subject_id)
    laptop.sync()

    office.restore(empty)
    result = laptop.sync()

    assert office.facts() == keys(stays)
    assert result.is_complete
    assert office.owed(laptop.credentials().device_id) == 0


def test_i15_a_copy_of_the_laptop_that_still_has_the_body_does_not_bring_it_back(
    fleet: Fleet, office: Office
) -> None:
    laptop = fleet(Way(office))
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    copy = fleet.clone(laptop)
    erase(laptop, gone[0].fact.subject_id)
    laptop.sync()

    late = copy.capture()
    result = copy.sync()

    assert office.facts() == keys(stays, late)
    assert result.is_complete


def test_m35_nothing_of_the_person_is_left_in_the_file_and_the_rebuild_agrees(laptop: Laptop) -> None:
    gone, stays = laptop.capture(), laptop.capture()
    subject = gone[0].fact.subject_id

    erase(laptop, subject)
    before = [rows(laptop, table) for table in (SIGNUP, SIGNUP_WORD, STUB, DELIVERY)]

    def rebuild(unit: UnitOfWork) -> int:
        project_anew(unit.connection, unit.branch_id)
        unit.commit()
        return held(unit.connection, unit.branch_id).facts

    assert laptop.store.write(rebuild).result() == 4
    assert [rows(laptop, table) for table in (SIGNUP, SIGNUP_WORD, STUB, DELIVERY)] == before
    assert before[0] == 1
    assert before[2] == 2
    assert laptop.facts() == keys(stays)


def test_m35_the_answer_that_two_contacts_are_one_person_goes_with_either(laptop: Laptop) -> None:
    older, newer = laptop.capture(), laptop.capture()

    def compare(unit: UnitOfWork) -> None:
        said = {"other": str(older[0].fact.subject_id), "answer": "same", "same": ["email"]}
        unit.record(kinds.COMPARED, newer[0].fact.subject_id, said)
        unit.commit()

    laptop.store.write(compare).result()

    assert erase(laptop, older[0].fact.subject_id) == 3
    assert rows(laptop, LIKENESS) == 0
    assert rows(laptop, SIGNUP) == 1
    assert laptop.facts() == keys(newer)


def test_an_event_or_a_count_is_never_erased(laptop: Laptop) -> None:
    subject = uuid4()

    def press(unit: UnitOfWork) -> None:
        unit.record(kinds.COUNTED, subject, {"counter": "reached", "amount": 1, "from": 1, "to": 1})
        unit.commit()

    laptop.store.write(press).result()

    assert erase(laptop, subject) == 0
    assert len(laptop.facts()) == 1


def test_erased_before_the_laptop_was_enrolled_it_is_told_afterwards(fleet: Fleet, office: Office) -> None:
    laptop = fleet(Way(office), is_enrolled=False)
    gone, stays = laptop.capture(), laptop.capture()
    erase(laptop, gone[0].fact.subject_id)

    laptop.enrol(office.enrol("Stand 1"))
    result = laptop.sync()

    assert office.facts() == keys(stays)
    assert result.is_complete


def test_an_office_that_knows_no_erasure_yet_takes_all_else_and_it_stays_open(fleet: Fleet, way: Way) -> None:
    laptop = fleet(way)
    gone, stays = laptop.capture(), laptop.capture()
    erase(laptop, gone[0].fact.subject_id)

    def is_older(name: str) -> None:
        if name == "erase":
            raise wrong_database("42883")

    way.before = is_older
    result = laptop.sync()

    assert way.office.facts() == keys(stays)
    assert not result.is_complete
    assert set(laptop.in_state(WAITING)) == set(keys(gone))


# The contract, for both kinds of office.


def stub(item: object) -> Stub:
    return Stub(*(getattr(item, name) for name in ("fact_id", "content_hash", "incarnation", "seq")))


def test_m35_a_laptop_erases_what_it_delivered_and_what_nobody_has(
    office: Office, line: Transport, credentials: Credentials, pen: Pen
) -> None:
    facts = pen.several(3)
    answers(line, facts[:2])
    line.hello("test", [pen.life()], 3)

    told = [one.answer for one in line.erase([stub(facts[0]), stub(facts[2])])]

    assert told == [ERASED, ERASED]
    assert office.facts() == [(facts[1].fact_id, facts[1].content_hash)]
    assert answers(line, facts[2:]) == ["erased"]
    assert office.owed(credentials.device_id) == 0
    assert prove(line, facts).code is not None


def test_i14_no_laptop_erases_what_another_one_said(office: Office, line: Transport, pen: Pen) -> None:
    theirs = pen.several(2)
    answers(line, theirs)

    with closing(office.connect(office.enrol("Stand 2"))) as other:
        told = [one.answer for one in other.erase([stub(item) for item in theirs])]
        # A body of one's own under the same id gives no right over theirs.
        same_id = Pen().write(fact_id=theirs[0].fact_id)
        answers(other, [same_id])
        again = other.erase([stub(same_id)])[0].answer

    assert told == [FOREIGN, FOREIGN]
    assert again == FOREIGN
    assert set(keys_of(theirs)) <= set(office.facts())


def keys_of(facts: list) -> list[tuple[UUID, bytes]]:  # type: ignore[type-arg]
    return [(item.fact_id, item.content_hash) for item in facts]


def test_m35_erasing_twice_is_the_same_as_once(office: Office, line: Transport, pen: Pen) -> None:
    facts = pen.several(2)
    answers(line, facts)

    first = [one.answer for one in line.erase([stub(facts[0])])]
    again = [one.answer for one in line.erase([stub(facts[0])])]

    assert first == again == [ERASED]
    assert office.facts() == keys_of(facts[1:])
    assert prove(line, facts).code is not None


def test_m20_a_laptop_that_was_shut_out_erases_nothing(
    office: Office, line: Transport, credentials: Credentials, pen: Pen
) -> None:
    facts = pen.several(1)
    answers(line, facts)
    office.revoke(credentials.device_id)

    told = [one.answer for one in line.erase([stub(facts[0])])]

    assert told == ["revoked"]
    assert office.facts() == keys_of(facts)


def test_the_office_refuses_an_erasure_that_another_laptop_must_keep_open(
    fleet: Fleet, office: Office
) -> None:
    first = fleet(Way(office))
    gone = first.capture()
    first.sync()
    copied = fleet.clone(first)
    copied.enrol(office.enrol("Stand 2"))

    erase(copied, gone[0].fact.subject_id)
    result = copied.sync()

    assert office.facts() == keys(gone)
    assert set(copied.in_state(ASIDE)) == set(keys(gone))
    assert not result.is_complete


@pytest.mark.server
def test_m35_a_push_that_crossed_the_erasure_leaves_no_body(
    server_office: PostgresOffice, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    gone, stays = laptop.capture(), laptop.capture()
    laptop.sync()
    for item in gone:
        server_office.rows(
            "INSERT INTO hub.tombstone VALUES (%s, %s, 'asked', 1)",
            [server_office.branch_id, item.fact.fact_id],
        )

    project_all(server_office.url)

    assert server_office.facts() == keys(stays)
    assert server_office.rows("SELECT count(*) FROM hub.signup") == [(1,)]


@pytest.mark.server
def test_m35_the_office_sees_the_person_no_more_once_the_projector_ran(
    server_office: PostgresOffice, fleet: Fleet
) -> None:
    laptop = fleet(Way(server_office))
    gone, _stays = laptop.capture(), laptop.capture()
    laptop.sync()
    project_all(server_office.url)
    before = server_office.rows("SELECT count(*) FROM hub.signup")

    erase(laptop, gone[0].fact.subject_id)
    laptop.sync()
    project_all(server_office.url)

    assert before == [(2,)]
    assert server_office.rows("SELECT count(*) FROM hub.signup") == [(1,)]
    assert server_office.rows("SELECT count(*) FROM hub.quarantine") == [(0,)]
