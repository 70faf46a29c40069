"""Projectors in processes of their own, killed at any point, several at once: all is added up once."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, Sent, push

from stojnica.domain import kinds
from stojnica.domain.fact import content_hash
from stojnica.failpoint import ENVIRONMENT_NAME

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(os.name != "posix", reason="only POSIX kills a process without a word"),
]
Line = psycopg.Connection[Row]
SOURCE = Path(__file__).parents[2] / "desktop"
POINTS = ("project.after_take", "project.before_commit")


def start(url: str, failpoint: str = "") -> subprocess.Popen[bytes]:
    """Run `central project` in a process that dies at a point."""
    return subprocess.Popen(
        [sys.executable, "-m", "stojnica", "central", "project", url],
        env={**os.environ, "PYTHONPATH": str(SOURCE), ENVIRONMENT_NAME: failpoint},
        stdout=subprocess.DEVNULL,
    )


def fill(laptop: Laptop, line: Line) -> list[Sent]:
    """Push contacts that are counted once each, their corrections, and a poisoned fact in each push."""
    pressed: list[Sent] = []
    for number in range(12):
        begun = laptop.facts(20)
        data = {"counter": "reached", "amount": 1, "from": 10**15, "to": 10**15, "zone": "UTC", "reason": ""}
        counted = [laptop.fact(kinds.COUNTED, data=data) for _number in range(5)]
        changed = [
            laptop.fact(
                kinds.CORRECTED,
                subject_id=one.fact.subject_id,
                data={"town": f"Kraj {number}"},
                supersedes=(one.hash,),
            )
            for one in begun
        ]
        bad = replace(laptop.fact(), body=b"%d" % number, hash=content_hash(b"%d" % number))
        push(line, [*begun, *counted, *changed, bad])
        pressed += counted
    return pressed


def figures(admin: Line) -> dict[str, int | None]:
    """Count what is added up, and what is left over."""
    questions = {
        "signups": "SELECT count(*) FROM hub.signup",
        "towns": "SELECT count(*) FROM hub.signup WHERE town LIKE 'Kraj %'",
        "reached": "SELECT sum(amount)::bigint FROM hub.tally",
        "quarantine": "SELECT count(*) FROM hub.quarantine",
        "waiting": "SELECT count(*) FROM hub.inbox",
        "held": "SELECT count(*) FROM hub.projecting WHERE subject_id <> branch_id",
    }
    found: dict[str, int | None] = {}
    for name, question in questions.items():
        row = admin.execute(question.encode()).fetchone()
        assert row is not None
        found[name] = row[0]
    return found


DONE = {"signups": 240, "towns": 240, "reached": 60, "quarantine": 12, "waiting": 0, "held": 0}


@pytest.mark.parametrize("point", POINTS)
def test_i03_a_projector_killed_at_a_point_leaves_its_work_to_the_next(
    laptop: Laptop, line: Line, admin: Line, central_url: str, point: str
) -> None:
    fill(laptop, line)

    killed = start(central_url, point)
    assert killed.wait(60) == -signal.SIGKILL
    half = figures(admin)
    assert start(central_url).wait(60) == 0

    assert (half["signups"], half["reached"], half["waiting"]) == (0, None, 12)
    assert figures(admin) == DONE


def test_i03_m33_of_several_at_once_some_are_killed_and_all_is_added_up_once(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    fill(laptop, line)

    # Given four at once of which two die, while a push comes again
    processes = [start(central_url, point) for point in (*POINTS, "", "")]
    codes = [process.wait(60) for process in processes]
    assert set(codes[2:]) == {0}
    assert all(code in (0, -signal.SIGKILL) for code in codes[:2])

    # When one more has come to its end
    assert start(central_url).wait(60) == 0

    # Then each fact counts once, and the poisoned ones are aside
    assert figures(admin) == DONE
