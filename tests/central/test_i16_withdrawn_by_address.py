"""I16, M36: at the centre a withdrawal by address meets sign-ups from before, and those that come late."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, Sent, push

from stojnica.central.projector import project_all
from stojnica.cli.main import main
from stojnica.domain import kinds

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
AGREED = {"purpose": "newsletter", "granted": True, "unproven": False}


def sign_up(laptop: Laptop, email: str = "Zana@Example.org") -> list[Sent]:
    first = laptop.fact(data={"first_name": "Žana", "email": email, "phone": "+38640123456"})
    agreed = laptop.fact(
        kinds.CONSENTED, subject_id=first.fact.subject_id, data=AGREED, supersedes=(first.hash,)
    )
    return [first, agreed]


def taken_back(laptop: Laptop, **data: Any) -> Sent:
    return laptop.fact(kinds.CONTACT_WITHDREW, data=data or {"email": "zana@example.org"})


def granted(admin: Line) -> list[bool]:
    query = "SELECT is_granted FROM hub.consent ORDER BY is_granted"
    return [row[0] for row in admin.execute(query).fetchall()]


def test_i16_sign_ups_from_before_and_from_other_laptops_later_are_both_taken_back(
    new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    with one.connect() as first, other.connect() as second:
        push(first, [*sign_up(one), *sign_up(one, "ana@example.org"), taken_back(one)])
        project_all(central_url)
        before = granted(admin)
        push(second, sign_up(other))
        project_all(central_url)

    assert before == [False, True]
    assert granted(admin) == [False, False, True]
    assert admin.execute("SELECT count(*) FROM hub.inbox").fetchone() == (0,)
    assert admin.execute("SELECT count(*) FROM hub.quarantine").fetchone() == (0,)


def test_i16_who_agreed_after_it_on_the_same_laptop_has_agreed(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    gone = taken_back(laptop)
    first = laptop.fact(data={"first_name": "Žana", "email": "zana@example.org"})
    agreed = laptop.fact(
        kinds.CONSENTED, subject_id=first.fact.subject_id, data=AGREED, supersedes=(first.hash, gone.hash)
    )
    for item in (agreed, first, gone):
        push(line, [item])
        project_all(central_url)

    assert granted(admin) == [True]


def test_m36_sign_up_and_withdrawal_projected_at_the_same_moment_never_miss_each_other(
    new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    one, other = new_laptop("One"), new_laptop("Other")
    for number in range(6):
        email = f"zana{number}@example.org"
        with one.connect() as first, other.connect() as second:
            push(first, sign_up(one, email))
            push(second, [taken_back(other, email=email)])
        runs = [threading.Thread(target=project_all, args=(central_url,)) for _run in range(2)]
        for run in runs:
            run.start()
        for run in runs:
            run.join(60)
        project_all(central_url)

    assert granted(admin) == [False] * 6


def test_the_office_takes_consent_back_for_somebody_who_wrote(
    laptop: Laptop, line: Line, admin: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    push(line, sign_up(laptop))

    assert main(["central", "withdraw", central_url, "--phone", "040 123 456"]) == 0
    push(line, sign_up(laptop))
    project_all(central_url)

    assert granted(admin) == [False, False]
    assert "040" not in capsys.readouterr().out


def test_the_office_is_told_when_it_typed_neither_an_address_nor_a_number(
    laptop: Laptop, admin: Line, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["central", "withdraw", central_url, "--email", "zana"]) == 1

    assert "@" not in capsys.readouterr().err
    assert admin.execute("SELECT count(*) FROM hub.fact").fetchone() == (0,)
