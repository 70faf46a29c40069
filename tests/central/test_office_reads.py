"""The office reads what the stands could not answer, and whom they took for one person: ids, never names."""

import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from tests.central.conftest import Laptop, Row, Sent, push

from stojnica.central.office_reads import alike_contacts, counted_questions, missed_questions
from stojnica.central.projector import project_all
from stojnica.central.roles import OFFICE
from stojnica.cli.main import main
from stojnica.domain import kinds

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
DAY_US = 24 * 3_600 * 1_000_000
FRIDAY_US = 1_726_790_400_000_000  # 20 September 2024


def asked(laptop: Laptop, text: str, at_us: int = FRIDAY_US, **more: Any) -> Sent:
    data = {"text": text, "language": "sl"}
    return laptop.fact(kinds.QUESTION_MISSED, data=data, captured_at=at_us, **more)


def two_alike(laptop: Laptop, answer: str) -> tuple[list[Sent], UUID, UUID]:
    one, other = laptop.fact(), laptop.fact()
    subject_id, other_id = one.fact.subject_id, other.fact.subject_id
    data = {"other": str(other_id), "answer": answer, "same": ["phone", "email", "shoe size"]}
    said = laptop.fact(kinds.COMPARED, subject_id=subject_id, data=data, captured_at=FRIDAY_US)
    return [one, other, said], subject_id, other_id


def in_order(sent: list[Sent]) -> list[Sent]:
    return sorted(sent, key=lambda one: (one.fact.fact_id, one.hash))


def test_questions_are_counted_however_they_were_typed(laptop: Laptop, line: Line, central_url: str) -> None:
    event = laptop.fact(
        kinds.EVENT_CREATED,
        data={
            "name": "Festival LUPA",
            "code": "lupa",
            "starts": "2024-09-20T10:00",
            "ends": "2024-09-20T18:00",
        },
    )
    texts = ("Ali je zavarovanje vključeno?", "ali je ZAVAROVANJE vkljuceno", "Kdaj je naslednji tabor?")
    sent = [asked(laptop, text, FRIDAY_US + place) for place, text in enumerate(texts)]
    sent.append(asked(laptop, "Kje?", FRIDAY_US + 9, event_id=event.fact.subject_id))
    taken_back = asked(laptop, "Zmota")
    void = laptop.fact(kinds.VOIDED, subject_id=taken_back.fact.subject_id, data={"reason": "undone"})
    push(line, in_order([*sent, event, taken_back, void]))
    project_all(central_url)

    found = missed_questions(central_url)

    assert [(item.text, item.count) for item in found] == [
        ("ali je ZAVAROVANJE vkljuceno", 2),
        ("Kje?", 1),
        ("Kdaj je naslednji tabor?", 1),
    ]
    assert found[0].languages == ("sl",)
    assert found[1].events == ("Festival LUPA",)


def test_questions_since_a_day_leave_older_ones_out(laptop: Laptop, line: Line, central_url: str) -> None:
    push(line, in_order([asked(laptop, "Prej", FRIDAY_US - DAY_US), asked(laptop, "Zdaj", FRIDAY_US)]))
    project_all(central_url)

    assert [item.text for item in missed_questions(central_url, FRIDAY_US)] == ["Zdaj"]


def test_pairs_are_given_by_their_ids_with_what_the_volunteer_said(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    same, one, other = two_alike(laptop, "same")
    doubt, *_ids = two_alike(laptop, "unknown")
    different, *_ids = two_alike(laptop, "other")
    push(line, in_order([*same, *doubt, *different]))
    project_all(central_url)

    found = alike_contacts(central_url)

    assert sorted(item.answer for item in found) == ["same", "unknown"]
    pair = next(item for item in found if item.answer == "same")
    assert (pair.subject_id, pair.other_id, pair.same) == (one, other, ("email", "phone"))


@pytest.mark.parametrize("which", [0, 1])
def test_a_pair_of_which_one_was_voided_is_no_pair(
    laptop: Laptop, line: Line, central_url: str, which: int
) -> None:
    sent, *ids = two_alike(laptop, "same")
    void = laptop.fact(kinds.VOIDED, subject_id=ids[which], data={"reason": "twice"})
    push(line, in_order([*sent, void]))
    project_all(central_url)

    assert alike_contacts(central_url) == ()


@pytest.mark.parametrize(
    "data",
    [
        {"other": "nobody", "answer": "same", "same": ["email"]},
        {"other": str(uuid4()), "answer": "certainly", "same": ["email"]},
        {"other": 7, "answer": "same"},
        {},
    ],
)
def test_what_no_laptop_of_ours_can_have_said_is_no_pair_and_stops_nothing(
    laptop: Laptop, line: Line, central_url: str, data: dict[str, Any]
) -> None:
    signed_up = laptop.fact()
    said = laptop.fact(kinds.COMPARED, subject_id=signed_up.fact.subject_id, data=data)
    push(line, in_order([signed_up, said]))

    assert project_all(central_url).quarantined == 0
    assert alike_contacts(central_url) == ()


def test_i18_the_terminal_shows_no_name_and_obeys_nothing(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, one, other = two_alike(laptop, "unknown")
    push(line, in_order([*sent, asked(laptop, "Kdaj?\n\x1b[2J Kje?")]))
    project_all(central_url)

    assert main(["central", "alike", central_url]) == 0
    pairs = capsys.readouterr().out
    assert main(["central", "questions", central_url, "--since", "2024-01-01"]) == 0
    questions = capsys.readouterr().out

    assert f"{one} = {other} · perhaps the same person · same e-mail, same phone number" in pairs
    assert "ana" not in pairs
    assert questions == "1× · Kdaj? [2J Kje? · sl\n"


def test_programs_get_all_of_it_as_json(
    laptop: Laptop, line: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, one, other = two_alike(laptop, "same")
    push(line, in_order([*sent, asked(laptop, "Kdaj?")]))
    project_all(central_url)

    main(["central", "alike", central_url, "--json"])
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    main(["central", "questions", central_url, "--json"])
    (question,) = json.loads(capsys.readouterr().out)["questions"]

    assert (pair["contact"], pair["other"], pair["answer"]) == (str(one), str(other), "same")
    assert (question["question"], question["count"]) == ("Kdaj?", 1)


def test_an_office_without_any_says_so(central_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["central", "questions", central_url]) == 0
    assert main(["central", "alike", central_url]) == 0

    said = capsys.readouterr().out
    assert "No question was left without an answer." in said
    assert "No two contacts were taken for one person." in said


def test_i14_the_office_reads_through_its_functions_and_no_table_is_open_to_it(
    admin: Line, line: Line, laptop: Laptop
) -> None:
    calls = (
        sql.SQL("SELECT * FROM office_api.missed_questions({}, 0, 9)").format(laptop.enrolment.branch_id),
        sql.SQL("SELECT * FROM office_api.alike_contacts({}, 9)").format(laptop.enrolment.branch_id),
    )
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OFFICE)))
    for call in calls:
        assert admin.execute(call).fetchall() == []
    for table in ("signup", "likeness", "missed_question", "fact"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute(sql.SQL("SELECT 1 FROM hub.{}").format(sql.Identifier(table)))
    admin.execute("RESET ROLE")

    for call in calls:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(call)


def test_what_says_the_same_is_one_question_and_signs_alone_are_told_apart() -> None:
    rows = [("Č?", "sl", "", 3), ("c", "en", "LUPA", 2), ("???", "sl", "", 1), ("!", "sl", "", 0)]

    found = counted_questions(rows)

    assert [(item.text, item.count) for item in found] == [("Č?", 2), ("???", 1), ("!", 1)]
    assert (found[0].languages, found[0].events) == (("sl", "en"), ("LUPA",))
