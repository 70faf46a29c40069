"""From what came in to typed rows: each once, bad ones aside, any number of projectors at once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from tests.central.conftest import Laptop, Row, Sent, push

from stojnica.central.init import init
from stojnica.central.projector import Projected, project_all
from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import content_hash
from stojnica.domain.funding_overrule import FundingOverrule

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


def waiting(admin: Line) -> int:
    row = admin.execute("SELECT coalesce(sum(cardinality(fact_ids)), 0) FROM hub.inbox").fetchone()
    assert row is not None
    return int(row[0])


def quarantine(admin: Line) -> dict[bytes, str]:
    return dict(admin.execute("SELECT content_hash, reason FROM hub.quarantine").fetchall())


def press(laptop: Laptop, amount: int) -> Sent:
    data = {"counter": "reached", "amount": amount, "from": 10**15, "to": 10**15, "zone": "UTC", "reason": ""}
    return laptop.fact(kinds.COUNTED, data=data)


def correction(laptop: Laptop, of: Sent, **data: Any) -> Sent:
    return laptop.fact(kinds.CORRECTED, subject_id=of.fact.subject_id, data=data, supersedes=(of.hash,))


def test_i03_what_came_in_is_added_up_once_and_the_inbox_is_empty(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    sent = [*laptop.facts(3), press(laptop, 2)]
    push(line, sent)

    assert project_all(central_url) == Projected(facts=4, subjects=4, quarantined=0)
    push(line, sent)
    assert project_all(central_url) == Projected(facts=0, subjects=0, quarantined=0)

    assert admin.execute("SELECT count(*) FROM hub.signup").fetchone() == (3,)
    assert admin.execute("SELECT sum(amount) FROM hub.tally").fetchone() == (2,)
    assert waiting(admin) == 0
    held = admin.execute("SELECT count(*) FROM hub.projecting WHERE subject_id <> branch_id")
    assert held.fetchone() == (0,)


def test_a_correction_that_comes_first_counts_once_its_sign_up_is_there(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    begun = laptop.fact()
    change = correction(laptop, begun, first_name="Živa")
    push(line, [change])
    assert project_all(central_url).quarantined == 1
    assert quarantine(admin) == {change.hash: "author"}

    push(line, [begun])

    assert project_all(central_url) == Projected(facts=1, subjects=1, quarantined=0)
    assert admin.execute("SELECT first_name FROM hub.signup").fetchall() == [("Živa",)]


def test_a_question_that_nobody_could_answer_reaches_the_office_unless_it_was_taken_back(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    kept = laptop.fact(kinds.QUESTION_MISSED, data={"text": "Dürfen Hunde mit?", "language": "de"})
    undone = laptop.fact(kinds.QUESTION_MISSED, data={"text": "Typo?", "language": "sl"})
    void = laptop.fact(
        kinds.VOIDED,
        subject_id=undone.fact.subject_id,
        data={"reason": "undone"},
        supersedes=(undone.hash,),
    )
    push(line, [kept, undone, void])

    assert project_all(central_url) == Projected(facts=3, subjects=2, quarantined=0)

    rows = admin.execute("SELECT language, text FROM hub.missed_question").fetchall()
    assert rows == [("de", "Dürfen Hunde mit?")]


def test_a_group_visit_reaches_the_office_and_only_its_own_laptop_corrects_it(
    new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    begun = one.fact(kinds.GROUP_VISITED, data={"school": "OŠ Bežigrad", "pupils": 24, "teacher": ""})
    with one.connect() as first, other.connect() as second:
        push(first, [correction(one, begun, pupils=27)])
        push(second, [correction(other, begun, pupils=900)])
        assert project_all(central_url).quarantined == 2
        push(first, [begun])

    project_all(central_url)

    rows = admin.execute("SELECT school, pupils, teacher, is_voided FROM hub.group_visit").fetchall()
    assert rows == [("OŠ Bežigrad", 27, None, False)]


def test_an_overruled_rule_reaches_the_office_with_who_and_why_and_stays_when_taken_back(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    told = FundingOverrule(
        "eu_height", "ab" * 32, "tabori", "promise", "A6", "sl", "9 mm", "Letaki so že natisnjeni."
    )
    holds, undone = (
        laptop.fact(kinds.FUNDING_OVERRULED, data=told.data(), operator=name) for name in ("Maja", "Žiga")
    )
    void = laptop.fact(
        kinds.VOIDED,
        subject_id=undone.fact.subject_id,
        data={"reason": "undone"},
        supersedes=(undone.hash,),
    )
    silent = laptop.fact(kinds.FUNDING_OVERRULED, data=told.data() | {"reason": ""})
    push(line, [holds, undone, void, silent])

    project_all(central_url)

    rows = admin.execute(
        "SELECT operator, rule, reason, is_voided FROM hub.funding_overrule ORDER BY operator"
    ).fetchall()
    assert rows == [
        ("Maja", "eu_height", "Letaki so že natisnjeni.", False),
        ("Žiga", "eu_height", "Letaki so že natisnjeni.", True),
    ]


def test_i06_m33_poison_is_set_aside_with_its_reason_and_stops_nothing(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    good = laptop.facts(5)
    poison = b'{"not":"a fact"}'
    bad = [
        replace(laptop.fact(), body=poison, hash=content_hash(poison)),
        replace(laptop.fact(), body=b"\x00\xff", hash=content_hash(b"\x00\xff")),
        laptop.fact(kinds.ORGANISATION_DESCRIBED),
    ]
    assert set(push(line, [*good, *bad])) == {"stored"}

    done = project_all(central_url)

    assert done == Projected(facts=8, subjects=8, quarantined=3)
    assert quarantine(admin) == {
        bad[0].hash: "body: fields",
        bad[1].hash: "body: not_canonical_json",
        bad[2].hash: "author",
    }
    assert admin.execute("SELECT count(*) FROM hub.signup").fetchone() == (5,)
    assert admin.execute("SELECT count(*) FROM hub.office_item").fetchone() == (0,)


def test_i06_a_poisoned_fact_of_a_subject_leaves_its_good_ones_standing(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    begun = laptop.fact()
    push(line, [begun])
    project_all(central_url)
    inside = laptop.fact(subject_id=begun.fact.subject_id)
    push(line, [replace(inside, body=b"{}", hash=content_hash(b"{}"))])

    assert project_all(central_url).quarantined == 1
    assert admin.execute("SELECT count(*) FROM hub.signup").fetchone() == (1,)


def test_i06_a_subject_that_cannot_be_written_is_set_aside_and_the_others_count(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    good, bad = laptop.facts(4), laptop.fact(data={"first_name": "Unwritable"})
    old = laptop.fact(data={"first_name": "Old"})
    push(line, [*good, old])
    project_all(central_url)
    admin.execute("ALTER TABLE hub.signup ADD CHECK (first_name NOT LIKE 'Unwritable%')")
    more = laptop.facts(3)
    push(line, [*more, bad, correction(laptop, old, first_name="Unwritable too")])

    assert project_all(central_url) == Projected(facts=5, subjects=5, quarantined=2)

    assert set(quarantine(admin).values()) == {"projection"}
    names = admin.execute("SELECT first_name, count(*) FROM hub.signup GROUP BY 1").fetchall()
    assert dict(names) == {"Žana": 7, "Old": 1}


def test_i14_another_laptops_correction_changes_nothing(
    new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    begun = one.fact()
    with one.connect() as first, other.connect() as second:
        push(first, [begun])
        push(second, [correction(other, begun, email="thief@example.org")])
        push(second, [other.fact(subject_id=begun.fact.subject_id, data={"email": "thief@example.org"})])

    assert project_all(central_url).quarantined == 2
    rows = admin.execute("SELECT email, is_disputed FROM hub.signup").fetchall()
    assert rows == [("zana@example.org", False)]


def test_any_number_of_projectors_at_once_reach_the_same_rows(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    begun = laptop.facts(60)
    push(line, begun)
    changes = [correction(laptop, one, town=f"Kraj {number}") for number, one in enumerate(begun)]
    later = [correction(laptop, one, status="member") for one in begun]
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            for _round in range(4):
                project_all(central_url)
        except BaseException as error:  # noqa: BLE001 - told to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=work) for _number in range(3)]
    for thread in threads:
        thread.start()
    start.wait()
    push(line, changes)
    push(line, later)
    for thread in threads:
        thread.join()
    project_all(central_url)

    assert failures == []
    assert waiting(admin) == 0
    rows = dict(admin.execute("SELECT subject_id, town || '/' || status FROM hub.signup").fetchall())
    assert rows == {one.fact.subject_id: f"Kraj {number}/member" for number, one in enumerate(begun)}


def test_a_projector_waits_for_the_one_that_holds_a_subject_and_sees_what_it_left(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    begun = laptop.fact()
    push(line, [begun])
    branch = laptop.enrolment.branch_id
    done = threading.Event()

    with psycopg.connect(central_url) as holder:
        holder.execute("INSERT INTO hub.projecting VALUES (%s, %s)", [branch, begun.fact.subject_id])
        thread = threading.Thread(target=lambda: (project_all(central_url), done.set()))
        thread.start()
        assert not done.wait(0.3)
        holder.rollback()
    thread.join(10)

    assert done.is_set()
    assert waiting(admin) == 0


def test_a_login_of_its_own_projects_with_the_projectors_rights_alone(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    push(line, laptop.facts(2))
    role = f"projector_{uuid4().hex[:8]}"
    admin.execute(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' IN ROLE hub_projector").format(sql.Identifier(role))
    )
    url = psycopg.conninfo.make_conninfo(central_url, user=role, password="x")

    assert project_all(url).facts == 2

    with psycopg.connect(url, autocommit=True) as projector:
        for statement in (
            "DELETE FROM hub.fact",
            "UPDATE hub.fact SET body = ''",
            "INSERT INTO hub.login VALUES ('x', gen_random_uuid(), gen_random_uuid(), 'laptop')",
            "DROP TABLE hub.signup",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                projector.execute(statement)


def test_rows_of_another_projection_are_thrown_away_and_made_anew(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    push(line, laptop.facts(3))
    project_all(central_url)
    admin.execute("COMMENT ON TABLE hub.signup IS 'projection 0'")
    admin.execute("ALTER TABLE hub.signup DROP COLUMN town")

    init(central_url)

    assert waiting(admin) == 3
    assert project_all(central_url).facts == 3
    assert admin.execute("SELECT count(town) FROM hub.signup").fetchone() == (3,)


def test_a_laptops_login_projects_nothing(laptop: Laptop, central_url: str) -> None:
    enrolment = laptop.enrolment
    url = psycopg.conninfo.make_conninfo(central_url, user=enrolment.role, password=enrolment.password)

    with pytest.raises(UserFacingError) as caught:
        project_all(url)

    assert caught.value.code == "not_allowed"


def test_branches_are_projected_apart(laptop: Laptop, line: Line, admin: Line, central_url: str) -> None:
    other = UUID(int=7)
    admin.execute("INSERT INTO hub.branch (branch_id, name, created_at) VALUES (%s, 'Other', 9e15)", [other])
    push(line, laptop.facts(1))
    for table in ("fact", "delivery", "inbox", "device"):
        columns = admin.execute(
            "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 1",
            [f"hub.{table}"],
        ).fetchone()
        assert columns is not None
        copy = f"INSERT INTO hub.{table} (branch_id, {columns[0]}) SELECT %s, {columns[0]} FROM hub.{table}"
        admin.execute(copy.encode(), [other])

    assert project_all(central_url).facts == 2
    rows = admin.execute("SELECT branch_id, count(*) FROM hub.signup GROUP BY 1").fetchall()
    assert dict(rows) == {laptop.enrolment.branch_id: 1, other: 1}
