"""What becomes of a few facts, whichever comes first: each row as somebody would add it up by hand."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from tests.records.arrivals import BRANCH, EVENT, LIVES, OTHER_BRANCH, SUBJECTS, arrive, dump, row_of, told

from stojnica.domain import kinds
from stojnica.records.facts import FACT
from stojnica.records.projection import rebuild


def test_a_correction_that_arrives_before_the_sign_up_waits_for_it(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"first_name": "Ana", "town": "Kranj"}, event_id=EVENT, channel="paper")
    fix = told(kinds.CORRECTED, {"first_name": "Anja"}, seen=[first], seq=2)

    arrive(database, fix)
    before = dump(database)["signup"]
    arrive(database, first)

    assert before == []
    row = row_of(database, "signup")
    assert (row.first_name, row.town, row.event_id, row.channel) == ("Anja", "Kranj", EVENT, "paper")
    assert (row.is_disputed, row.is_voided) == (False, False)


def test_a_missed_question_is_a_row_until_it_is_taken_back_in_whatever_order(database: Connection) -> None:
    missed = told(kinds.QUESTION_MISSED, {"text": "Dogs?" * 900, "language": "it"}, event_id=EVENT)
    undone = told(kinds.VOIDED, {"reason": "undone"}, seen=[missed], seq=2)
    other = told(kinds.QUESTION_MISSED, {"text": 7, "language": None}, subject=SUBJECTS[1], seq=3)

    arrive(database, missed)
    row = row_of(database, "missed_question")
    assert (row.event_id, row.language, len(row.text)) == (EVENT, "it", 2_000)

    for item in (undone, other):
        arrive(database, item)
    row = row_of(database, "missed_question")
    assert (row.subject_id, row.text, row.language) == (SUBJECTS[1], "", "")


def test_the_last_of_several_corrections_counts_field_by_field(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"first_name": "Ana", "town": "Kranj", "interests": ["camps"]})
    second = told(kinds.CORRECTED, {"town": "Celje", "email": "Ana@Example.ORG "}, seen=[first], seq=2)
    third = told(kinds.CORRECTED, {"town": "", "interests": []}, seen=[second], life=LIVES[1])

    for item in (third, first, second):
        arrive(database, item)

    row = row_of(database, "signup")
    assert (row.first_name, row.town, row.interests) == ("Ana", "", "[]")
    assert (row.email, row.email_key) == ("Ana@Example.ORG ", "ana@example.org")


def test_corrections_by_two_who_knew_nothing_of_each_other_are_flagged(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"town": "Kranj"})
    here = told(kinds.CORRECTED, {"town": "Celje"}, seen=[first], seq=2)
    there = told(kinds.CORRECTED, {"town": "Ptuj"}, seen=[first], life=LIVES[1])

    for item in (here, there, first):
        arrive(database, item)

    row = row_of(database, "signup")
    winner = max((here, there), key=lambda item: item.content_hash)
    assert (row.town, row.is_disputed) == (winner.fact.data["town"], True)

    arrive(database, told(kinds.CORRECTED, {"town": "Izola"}, seen=[here, there], life=LIVES[2]))
    row = row_of(database, "signup")
    assert (row.town, row.is_disputed) == ("Izola", False)


def test_a_voided_contact_stays_and_is_marked_whenever_the_void_arrives(database: Connection) -> None:
    first = told(kinds.SIGNED_UP, {"first_name": "Ana"})
    void = told(kinds.VOIDED, {"reason": "test"}, seen=[first], seq=2)

    arrive(database, void)
    arrive(database, first)

    assert row_of(database, "signup").is_voided is True


def test_a_press_that_was_undone_counts_nobody_in_either_order(database: Connection) -> None:
    press = {"counter": "reached", "amount": 5, "from": 10**15, "to": 10**15 + 3 * 10**9, "zone": "UTC"}
    counted = told(kinds.COUNTED, press, event_id=EVENT)
    undone = told(kinds.VOIDED, {"reason": "undo"}, seen=[counted], seq=2)

    arrive(database, counted)
    before = dump(database)["tally"]
    arrive(database, undone)

    assert sum(row[6] for row in before) == 5
    assert len(before) == 3
    assert dump(database)["tally"] == []


def test_an_event_takes_the_latest_of_each_field_and_its_defaults(database: Connection) -> None:
    made = told(kinds.EVENT_CREATED, {"name": "Tržnica", "code": "t", "goal_reached": 100, "unknown": 5})
    change = told(kinds.EVENT_CHANGED, {"goal_reached": 200, "closed": True}, seen=[made], seq=2)

    for item in (change, made):
        arrive(database, item)

    row = row_of(database, "event")
    assert (row.name, row.code, row.goal_reached, row.is_closed) == ("Tržnica", "t", 200, True)
    assert (row.country, row.time_zone, row.origin, row.is_voided) == ("SI", "Europe/Ljubljana", "own", False)


def test_i04_m34_of_one_id_with_two_bodies_both_are_kept_and_flagged(database: Connection) -> None:
    one = told(kinds.SIGNED_UP, {"town": "Kranj"}, fact_id=EVENT)
    other = told(kinds.SIGNED_UP, {"town": "Celje"}, fact_id=EVENT, life=LIVES[1])

    for item in (one, other, one):
        arrive(database, item)

    kept = database.execute(sa.select(FACT.c.content_hash).where(FACT.c.fact_id == EVENT)).scalars().all()
    assert set(kept) == {one.content_hash, other.content_hash}
    assert row_of(database, "signup").is_disputed is True


def test_purposes_that_only_differ_beyond_what_is_kept_are_one_row(database: Connection) -> None:
    for tail in "ab":
        arrive(database, told(kinds.CONSENTED, {"purpose": "x" * 64 + tail, "granted": True}))

    assert row_of(database, "consent").purpose == "x" * 64


def test_a_yes_where_a_number_belongs_is_no_number_on_either_database(database: Connection) -> None:
    consent = {"purpose": "answer", "granted": True, "wording_version": True}
    arrive(database, told(kinds.CONSENTED, consent))
    arrive(database, told(kinds.THEME_DESCRIBED, {"position": True}, subject=SUBJECTS[1]))

    assert row_of(database, "consent").wording_version == 0
    assert row_of(database, "office_item").position == 0


def test_rebuilding_one_branch_leaves_the_others_alone(database: Connection) -> None:
    arrive(database, told(kinds.SIGNED_UP, {"first_name": "Ana"}))
    arrive(database, told(kinds.SIGNED_UP, {"first_name": "Bor"}, branch=OTHER_BRANCH))
    there = dump(database)

    rebuild(database, BRANCH)

    assert dump(database) == there
    assert len(there["signup"]) == 2


def test_one_subject_in_two_branches_is_two_subjects(database: Connection) -> None:
    arrive(database, told(kinds.SIGNED_UP, {"first_name": "Ana"}))
    arrive(database, told(kinds.VOIDED, {"reason": "x"}, branch=OTHER_BRANCH))

    assert row_of(database, "signup").is_voided is False


def test_a_group_visit_is_a_row_after_its_corrections_in_whatever_order(database: Connection) -> None:
    visit = {"school": "OŠ Bežigrad", "pupils": 24, "teacher": str(SUBJECTS[1]), "press": ""}
    first = told(kinds.GROUP_VISITED, visit, event_id=EVENT)
    second = told(kinds.CORRECTED, {"pupils": 27}, seen=[first], seq=2)
    third = told(kinds.CORRECTED, {"teacher": ""}, seen=[second], seq=3)

    for item in (third, second, first, second):
        arrive(database, item)

    row = row_of(database, "group_visit")
    assert (row.school, row.pupils, row.teacher, row.press) == ("OŠ Bežigrad", 27, None, None)
    assert (row.event_id, row.is_voided) == (EVENT, False)
