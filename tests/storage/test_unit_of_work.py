"""A unit of work: what is recorded follows what was known, is numbered without gaps, and adds up at once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from stojnica.domain import kinds
from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.fact import MAX_SUPERSEDES, BadFactError, Fact, StoredFact, content_hash, decode, encode
from stojnica.domain.ids import NIL, new_id
from stojnica.records.briefing_events import apply_briefing_events
from stojnica.records.facts import FACT, facts_of_subject, insert_facts
from stojnica.records.projection import rebuild
from stojnica.records.typed import EVENT, PROJECTION_VERSION, SIGNUP, TYPED_TABLES
from stojnica.storage.home import OpenStore, StoreHome
from stojnica.storage.memory import remember
from stojnica.storage.nameless import project_whole
from stojnica.storage.schema import PROJECTION
from stojnica.storage.store import begin_life, join_branch
from stojnica.storage.tables import BRIEFING, DELIVERY, LIFE
from stojnica.storage.unit import UnitOfWork

WAIT = 20


def written(opened: OpenStore, job: Callable[[UnitOfWork], Any]) -> Any:
    def run(unit: UnitOfWork) -> Any:
        result = job(unit)
        unit.commit()
        return result

    return opened.store.write(run).result(WAIT)


def typed_rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted(tuple(row) for row in connection.execute(sa.select(table)))
        for table in TYPED_TABLES
    }


def test_a_fact_supersedes_all_that_was_known_about_its_subject(opened: OpenStore) -> None:
    visitor, other = new_id(), new_id()

    first = written(opened, lambda unit: unit.record(kinds.SIGNED_UP, visitor, {"first_name": "Ana"}))

    def two(unit: UnitOfWork) -> list[StoredFact]:
        return [
            unit.record(kinds.CORRECTED, visitor, {"first_name": "Anja"}),
            unit.record(kinds.CORRECTED, visitor, {"first_name": "Anka"}),
            unit.record(kinds.SIGNED_UP, other, {"first_name": "Bor"}),
        ]

    second, third, stranger = written(opened, two)
    assert first.fact.supersedes == ()
    assert second.fact.supersedes == (first.content_hash,)
    assert third.fact.supersedes == (second.content_hash,)
    assert stranger.fact.supersedes == ()


def test_a_fact_supersedes_every_one_of_several_concurrent_facts(opened: OpenStore) -> None:
    visitor = new_id()
    written(opened, lambda unit: unit.record(kinds.SIGNED_UP, visitor, {"first_name": "Ana"}))

    def from_elsewhere(unit: UnitOfWork) -> None:
        fact = Fact(new_id(), kinds.CORRECTED, visitor, {"first_name": "Anja"}, captured_at=5)
        body = encode(fact)
        insert_facts(unit.connection, [StoredFact(NIL, uuid4(), 1, content_hash(body), body, fact)])

    written(opened, from_elsewhere)
    last = written(opened, lambda unit: unit.record(kinds.CORRECTED, visitor, {"first_name": "Anka"}))

    assert len(last.fact.supersedes) == 2
    names = opened.store.read(
        lambda connection: connection.execute(sa.select(SIGNUP.c.first_name)).scalars().all()
    )
    assert names.result(WAIT) == ["Anka"]


def test_more_concurrent_facts_than_one_can_name_are_superseded_by_the_next_two(
    opened: OpenStore,
) -> None:
    visitor = new_id()

    def from_elsewhere(unit: UnitOfWork) -> set[bytes]:
        facts = [
            Fact(new_id(), kinds.CORRECTED, visitor, {"town": f"{n}"}, captured_at=n)
            for n in range(MAX_SUPERSEDES + 40)
        ]
        bodies = [encode(fact) for fact in facts]
        insert_facts(
            unit.connection,
            [
                StoredFact(NIL, uuid4(), 1, content_hash(body), body, fact)
                for body, fact in zip(bodies, facts, strict=True)
            ],
        )
        return {content_hash(body) for body in bodies}

    foreign = written(opened, from_elsewhere)

    def two(unit: UnitOfWork) -> list[StoredFact]:
        return [unit.record(kinds.CORRECTED, visitor, {"town": town}) for town in ("Kranj", "Koper")]

    first, second = written(opened, two)

    assert len(first.fact.supersedes) == MAX_SUPERSEDES
    assert first.content_hash in second.fact.supersedes
    assert set(first.fact.supersedes) | set(second.fact.supersedes) == foreign | {first.content_hash}


def test_facts_are_numbered_without_gaps_and_owed_to_the_centre(
    opened: OpenStore,
    save_contact: Callable[..., object],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    save_contact(opened)

    def fails(unit: UnitOfWork) -> None:
        unit.record(kinds.SIGNED_UP, new_id(), {})
        unit.flush()
        raise LookupError

    with pytest.raises(LookupError):
        opened.store.write(fails).result(WAIT)
    save_contact(opened)

    everything_adds_up(opened)

    def look(connection: Connection) -> tuple[Any, Any, set[str]]:
        head = connection.execute(sa.select(LIFE.c.head, LIFE.c.head_hash)).one()
        last = connection.execute(
            sa.select(FACT.c.seq, FACT.c.content_hash).order_by(FACT.c.seq.desc())
        ).first()
        return tuple(head), tuple(last or ()), set(connection.execute(sa.select(DELIVERY.c.state)).scalars())

    head, last, states = opened.store.read(look).result(WAIT)
    assert head == last
    assert head[0] == 8
    assert states == {"waiting"}


def test_what_is_read_back_is_what_was_recorded(opened: OpenStore) -> None:
    visitor, event = new_id(), new_id()
    recorded = written(
        opened,
        lambda unit: unit.record(
            kinds.SIGNED_UP,
            visitor,
            {"first_name": "Ána 🎪", "interests": ("camps",)},
            event_id=event,
            channel="kiosk",
            operator="M" * 300,
        ),
    )

    (kept,) = opened.store.read(lambda connection: facts_of_subject(connection, NIL, visitor)).result(WAIT)

    assert kept == recorded
    assert kept.fact == decode(kept.body)
    assert kept.fact.operator == "M" * 200
    assert (kept.fact.event_id, kept.fact.channel) == (event, "kiosk")


def test_what_is_there_at_once_equals_what_is_built_anew_from_facts(
    opened: OpenStore, save_contact: Callable[..., UUID]
) -> None:
    visitor = save_contact(opened)
    event = new_id()

    def job(unit: UnitOfWork) -> None:
        unit.record(kinds.EVENT_CREATED, event, {"name": "Tržnica", "code": "t", "goal_reached": 100})
        for number in range(3):
            data = {"counter": "reached", "amount": 7, "from": number, "to": 10**10, "zone": "Asia/Kathmandu"}
            unit.record(kinds.COUNTED, new_id(), data, event_id=event)
        unit.record(kinds.CORRECTED, visitor, {"themes": ("peace", "water"), "town": "Celje"})
        unit.record(kinds.WITHDREW, visitor, {"purpose": "newsletter"})
        unit.flush()
        unit.record(kinds.VOIDED, visitor, {"reason": "test"})
        unit.record(kinds.EVENT_CHANGED, event, {"goal_reached": 200})

    written(opened, job)
    at_once = opened.store.read(typed_rows).result(WAIT)

    assert written(opened, lambda unit: rebuild(unit.connection, NIL)) == 5
    assert opened.store.read(typed_rows).result(WAIT) == at_once
    assert len(at_once["signup"]) == 1
    assert len(at_once["consent"]) == 2
    assert len(at_once["event"]) == 1
    assert len(at_once["tally"]) > 3


def test_a_contact_corrected_in_the_job_that_saved_it_is_there_once(opened: OpenStore) -> None:
    visitor = new_id()

    def job(unit: UnitOfWork) -> None:
        unit.record(kinds.SIGNED_UP, visitor, {"first_name": "Ana"})
        unit.flush()
        unit.record(kinds.CORRECTED, visitor, {"first_name": "Anja"})
        unit.commit()
        unit.record(kinds.CORRECTED, visitor, {"first_name": "Anka"})

    written(opened, job)

    names = opened.store.read(lambda connection: connection.execute(sa.select(SIGNUP.c.first_name)).all())
    assert names.result(WAIT) == [("Anka",)]


def test_a_changed_mind_after_saving_reaches_no_fact(opened: OpenStore) -> None:
    interests = ["camps"]

    def job(unit: UnitOfWork) -> StoredFact:
        item = unit.record(kinds.SIGNED_UP, new_id(), {"interests": interests})
        interests.append("club")
        return item

    item = written(opened, job)

    kept = opened.store.read(lambda connection: connection.execute(sa.select(SIGNUP.c.interests)).scalar())
    assert kept.result(WAIT) == '["camps"]'
    assert item.fact.data == {"interests": ["camps"]}


def test_a_fact_that_is_too_large_is_refused_and_the_next_one_is_saved(
    opened: OpenStore, save_contact: Callable[..., object], everything_adds_up: Callable[[OpenStore], None]
) -> None:
    with pytest.raises(BadFactError):
        written(opened, lambda unit: unit.record(kinds.ASKED, new_id(), {"text": "x" * 300_000}))

    save_contact(opened)
    everything_adds_up(opened)


def test_i04_m34_the_same_id_with_another_body_is_kept_beside_the_first(opened: OpenStore) -> None:
    visitor, fact_id = new_id(), new_id()

    def twice(unit: UnitOfWork) -> None:
        unit.record(kinds.SIGNED_UP, visitor, {"first_name": "Ana"}, fact_id=fact_id)
        unit.record(kinds.SIGNED_UP, visitor, {"first_name": "Bor"}, fact_id=fact_id)

    written(opened, twice)

    kept = opened.store.read(lambda connection: facts_of_subject(connection, NIL, visitor)).result(WAIT)
    assert {item.fact.fact_id for item in kept} == {fact_id}
    assert {item.fact.data["first_name"] for item in kept} == {"Ana", "Bor"}


def test_i09_a_new_life_numbers_from_one_and_old_facts_keep_their_numbers(
    opened: OpenStore, save_contact: Callable[..., object], everything_adds_up: Callable[[OpenStore], None]
) -> None:
    save_contact(opened)

    new_life = written(opened, lambda unit: begin_life(unit.connection, unit.clock))
    save_contact(opened)

    everything_adds_up(opened)

    def numbers(connection: Connection) -> dict[bool, list[int]]:
        rows = connection.execute(sa.select(FACT.c.incarnation, FACT.c.seq).order_by(FACT.c.seq)).all()
        return {
            is_new: [row.seq for row in rows if (row.incarnation == new_life) is is_new]
            for is_new in (True, False)
        }

    assert opened.store.read(numbers).result(WAIT) == {True: [1, 2, 3, 4], False: [1, 2, 3, 4]}


def test_contacts_taken_before_enrolment_belong_to_the_branch_afterwards(
    opened: OpenStore,
    save_contact: Callable[..., object],
    first_names: Callable[[OpenStore], list[str]],
    everything_adds_up: Callable[[OpenStore], None],
) -> None:
    branch = uuid4()
    save_contact(opened, "before")

    written(opened, lambda unit: join_branch(unit.connection, branch))
    save_contact(opened, "after")

    def branches(connection: Connection) -> set[UUID]:
        tables = (FACT, *TYPED_TABLES)
        return {
            found for table in tables for found in connection.execute(sa.select(table.c.branch_id)).scalars()
        }

    assert opened.store.read(branches).result(WAIT) == {branch}
    assert first_names(opened) == ["before", "after"]
    everything_adds_up(opened)


BRIEFING_EVENT = UUID(int=5)


def with_briefing(unit: UnitOfWork) -> None:
    events = [{"id": str(BRIEFING_EVENT), "name": "Lupa", "code": "lupa", "goal_reached": 169}]
    body = canonical_bytes({"events": events})
    unit.connection.execute(sa.insert(BRIEFING).values(version=1, body=body, signature=b"", received_at=1))
    apply_briefing_events(unit.connection, unit.branch_id, events, project_whole)


def event_rows(connection: Connection) -> list[tuple[Any, ...]]:
    query = sa.select(EVENT.c.origin, EVENT.c.name, EVENT.c.goal_reached)
    return [tuple(row) for row in connection.execute(query)]


def test_the_briefing_wins_over_what_the_laptop_says_of_the_same_event_and_the_fact_stays(
    opened: OpenStore,
) -> None:
    written(opened, with_briefing)

    written(opened, lambda unit: unit.record(kinds.EVENT_CHANGED, BRIEFING_EVENT, {"name": "Naša Lupa"}))

    assert opened.store.read(event_rows).result(WAIT) == [("briefing", "Lupa", 169)]
    facts = opened.store.read(lambda connection: facts_of_subject(connection, NIL, BRIEFING_EVENT))
    assert len(facts.result(WAIT)) == 1


@pytest.mark.parametrize("is_enrolled", [False, True])
def test_a_program_that_adds_up_otherwise_makes_all_typed_rows_anew_and_keeps_the_briefing(
    is_enrolled: bool,
    home: StoreHome,
    unlock: Callable[[StoreHome], OpenStore],
    save_contact: Callable[..., object],
) -> None:
    opened = unlock(home)
    if is_enrolled:
        written(opened, lambda unit: join_branch(unit.connection, uuid4()))
    written(opened, with_briefing)
    save_contact(opened, "Ana")
    before = opened.store.read(typed_rows).result(WAIT)

    def older_program(unit: UnitOfWork) -> None:
        remember(unit.connection, PROJECTION, PROJECTION_VERSION - 1)
        unit.connection.exec_driver_sql("DROP TABLE signup")
        unit.connection.exec_driver_sql("CREATE TABLE signup (branch_id BLOB, old_column TEXT)")
        unit.connection.exec_driver_sql("DELETE FROM consent")
        unit.connection.exec_driver_sql("UPDATE event SET name = 'wrong'")

    written(opened, older_program)
    opened.close()

    again = unlock(home)
    assert again.store.read(typed_rows).result(WAIT) == before
    assert again.store.read(event_rows).result(WAIT) == [("briefing", "Lupa", 169)]


def test_an_enrolled_laptop_without_a_fact_of_its_own_keeps_its_briefing_when_rows_are_made_anew(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore]
) -> None:
    opened = unlock(home)
    written(opened, lambda unit: join_branch(unit.connection, uuid4()))
    written(opened, with_briefing)
    written(opened, lambda unit: remember(unit.connection, PROJECTION, PROJECTION_VERSION - 1))
    opened.close()

    again = unlock(home)

    assert again.store.read(event_rows).result(WAIT) == [("briefing", "Lupa", 169)]


def test_the_same_program_does_not_make_rows_anew_at_each_start(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore], save_contact: Callable[..., object]
) -> None:
    opened = unlock(home)
    save_contact(opened)
    written(opened, lambda unit: unit.connection.exec_driver_sql("UPDATE signup SET town = 'left as it is'"))
    opened.close()

    again = unlock(home)

    towns = again.store.read(lambda connection: connection.execute(sa.select(SIGNUP.c.town)).scalars().all())
    assert towns.result(WAIT) == ["left as it is"]
