"""Numbers of slips are given out once for ever, and the pile is told which ones are missing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.slip_number import SlipNumber
from stojnica.i18n import speaking
from stojnica.records.slip_queries import run_of_number, runs_of_event
from stojnica.services import slip_runs
from stojnica.services.capture import PAPER, save_signup, void_signup
from stojnica.services.events import change_event
from stojnica.services.slip_content import planned_slip
from stojnica.services.slip_runs import (
    RunWish,
    give_numbers,
    print_run,
    slip_source,
)
from stojnica.services.slip_tally import count_line, run_counts
from stojnica.services.tasks import Progress
from stojnica.storage.schema import project_anew
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of


def wish(event: Event, count: int = 4, letter: str = "") -> RunWish:
    return RunWish(event.event_id, "sl", count, letter)


def printed(store: Store, event: Event, count: int) -> str:
    """Give out numbers as a print does, without the paper."""
    now = store.clock.now_us()
    source = store.read(lambda c: slip_source(c, event_id=event.event_id, now_us=now)).result()
    return give_numbers(store, wish(event, count), planned_slip(source, "sl"), source).result().span


def type_in(store: Store, event: Event, number: str) -> Any:
    subject_id = new_id()
    save_signup(
        store,
        SignUp(first_name="Ana", email="ana@example.org", purposes=("answer",), slip_number=number),
        subject_id=subject_id,
        event_id=event.event_id,
        channel=PAPER,
        evidence=ConsentEvidence("paper", "sl", {}),
    ).result()
    return subject_id


def lines(store: Store, event: Event) -> list[str]:
    counts = store.read(lambda c: run_counts(c, event.event_id)).result()
    return [count_line(count) for count in counts]


def test_a_run_is_a_fact_that_tells_the_pile_its_form_and_wordings(
    store: Store, lupa: Event, office: Any, tmp_path: Path
) -> None:
    made = print_run(store, wish(lupa), tmp_path / "slips.pdf")

    def look(connection: Any) -> Any:
        return run_of_number(connection, branch_of(connection), SlipNumber("A", 3))

    run = store.read(look).result()
    assert (tmp_path / "slips.pdf").read_bytes().startswith(b"%PDF")
    assert run == made.run
    assert (run.span, run.language, run.form, run.form_version) == ("A-001–004", "sl", "person", 1)
    assert dict(run.wordings) == {"answer": 3, "newsletter": 3, "contact": 3}


def test_the_next_run_goes_on_where_the_last_one_ended_also_after_a_restart(
    reopen: Any, lupa: Event, office: Any
) -> None:
    store = reopen()
    first = printed(store, lupa, 50)
    store = reopen()
    store.write(lambda unit: project_anew(unit.connection, unit.branch_id)).result()

    assert (first, printed(store, lupa, 10)) == ("A-001–050", "A-051–060")


def test_numbers_whose_paper_could_not_be_written_are_skipped_and_not_waited_for(
    store: Store, lupa: Event, office: Any, tmp_path: Path
) -> None:
    with pytest.raises(UserFacingError, match="can't be written"):
        print_run(store, wish(lupa), tmp_path / "no such folder" / "slips.pdf")

    assert lines(store, lupa) == []
    assert printed(store, lupa, 2) == "A-005–006"


def test_a_crash_before_the_paper_leaves_its_numbers_used(
    store: Store, lupa: Event, office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plug_is_pulled(*_any: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(slip_runs, "print_slips", plug_is_pulled)
    with pytest.raises(KeyboardInterrupt):
        print_run(store, wish(lupa), tmp_path / "slips.pdf")
    monkeypatch.undo()

    assert print_run(store, wish(lupa), tmp_path / "slips.pdf").run.span == "A-005–008"


def test_what_is_missing_is_said_in_one_line(store: Store, lupa: Event, office: Any) -> None:
    printed(store, lupa, 50)
    for count in range(1, 51):
        if count not in (12, 31, 44):
            type_in(store, lupa, f"a {count}" if count == 7 else f"A-{count:03d}")

    assert lines(store, lupa) == ["A-001–050: 47 typed in, missing 012, 031, 044"]
    with speaking("sl"):
        assert lines(store, lupa) == ["A-001–050: 47 vnesenih, manjkajo 012, 031, 044"]


def test_a_voided_contact_makes_its_slip_missing_again(store: Store, lupa: Event, office: Any) -> None:
    printed(store, lupa, 2)
    type_in(store, lupa, "A-001")
    subject_id = type_in(store, lupa, "A-002")
    assert lines(store, lupa) == ["A-001–002: all 2 typed in"]

    void_signup(store, subject_id, "typo").result()

    assert lines(store, lupa) == ["A-001–002: 1 typed in, missing 002"]


def test_a_closed_event_still_gets_slips(store: Store, lupa: Event, office: Any) -> None:
    change_event(store, replace(lupa, is_closed=True)).result()

    assert printed(store, lupa, 1) == "A-001"


@pytest.mark.parametrize(
    ("count", "letter", "code"), [(0, "", "count"), (501, "", "count"), (1, "Y", "letter")]
)
def test_what_cannot_be_printed_gives_no_number_out(
    store: Store, lupa: Event, office: Any, tmp_path: Path, count: int, letter: str, code: str
) -> None:
    with pytest.raises(UserFacingError) as refused:
        print_run(store, wish(lupa, count, letter), tmp_path / "slips.pdf")

    assert (refused.value.code, refused.value.safe) == (code, "No number was given out.")
    runs = store.read(lambda c: runs_of_event(c, branch_of(c), lupa.event_id)).result()
    assert runs == ()


def test_each_letter_counts_for_itself(store: Store, lupa: Event, office: Any, tmp_path: Path) -> None:
    print_run(store, wish(lupa), tmp_path / "a.pdf")

    made = print_run(store, wish(lupa, letter="b"), tmp_path / "b.pdf")

    assert made.run.span == "B-001–004"


def test_a_print_that_is_stopped_says_how_far_it_was_and_leaves_nothing_to_wait_for(
    store: Store, lupa: Event, office: Any, tmp_path: Path
) -> None:
    class Stopping:
        """Ask for a stop at the second sheet."""

        def __init__(self) -> None:
            self.heard: list[Progress] = []

        def report(self, progress: Progress) -> None:
            self.heard.append(progress)
            if progress.done == 1:
                raise CancelledError

    stopping = Stopping()
    with pytest.raises(CancelledError):
        print_run(store, wish(lupa, 12), tmp_path / "slips.pdf", stopping)

    assert [(item.done, item.total) for item in stopping.heard] == [(0, 3), (1, 3)]
    assert not (tmp_path / "slips.pdf").exists()
    assert lines(store, lupa) == []
