"""The Qt runner keeps the promises of every runner, on real threads."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest
from pytestqt.qtbot import QtBot

from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.services.tasks import Progress, WorkContext
from stojnica.ui.qt_runner import QtRunner


class Answers:
    """Collect what a runner delivers, and the thread on which it came."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.failed: list[Exception] = []
        self.threads: set[int] = set()

    def take(self, value: object) -> None:
        self.done.append(value)
        self.threads.add(threading.get_ident())

    def refuse(self, error: Exception) -> None:
        self.failed.append(error)
        self.threads.add(threading.get_ident())


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[QtRunner]:
    runner = QtRunner(threads=2)
    yield runner
    runner.close()


def test_the_answer_arrives_once_and_on_the_ui_thread(qtbot: QtBot, runner: QtRunner) -> None:
    answers, worked_on = Answers(), set[int]()

    def work(context: WorkContext) -> int:
        worked_on.add(threading.get_ident())
        return 42

    task = runner.submit(work, answers.take, answers.refuse)
    assert not task.is_finished
    qtbot.waitUntil(lambda: task.is_finished)

    assert (answers.done, answers.failed) == ([42], [])
    assert answers.threads == {threading.get_ident()}
    assert worked_on.isdisjoint(answers.threads)


def test_a_failure_goes_to_failed_alone(qtbot: QtBot, runner: QtRunner) -> None:
    answers, error = Answers(), UserFacingError("No printer answers.")

    def work(context: WorkContext) -> None:
        raise error

    task = runner.submit(work, answers.take, answers.refuse)
    qtbot.waitUntil(lambda: task.is_finished)

    assert (answers.done, answers.failed) == ([], [error])


def test_progress_is_seen_while_the_work_runs(qtbot: QtBot, runner: QtRunner) -> None:
    answers, go_on = Answers(), threading.Event()

    def work(context: WorkContext) -> None:
        context.report(Progress("sending", 3, 12))
        go_on.wait(10)

    task = runner.submit(work, answers.take, answers.refuse)
    qtbot.waitUntil(lambda: task.progress == Progress("sending", 3, 12))
    assert not task.is_finished
    go_on.set()
    qtbot.waitUntil(lambda: task.is_finished)


def test_a_stop_reaches_the_work_at_its_next_report(qtbot: QtBot, runner: QtRunner) -> None:
    answers, began, go_on = Answers(), threading.Event(), threading.Event()

    def work(context: WorkContext) -> str:
        began.set()
        go_on.wait(10)
        context.report(Progress("sending", 1, 2))
        return "must not get here"

    task = runner.submit(work, answers.take, answers.refuse)
    assert began.wait(10)
    task.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: task.is_finished)

    assert answers.done == []
    assert [type(error) for error in answers.failed] == [CancelledError]


def test_a_future_of_another_thread_answers_on_the_ui_thread(qtbot: QtBot, runner: QtRunner) -> None:
    answers = Answers()
    future: Future[str] = Future()

    task = runner.when(future, answers.take, answers.refuse)
    elsewhere = threading.Thread(target=future.set_result, args=("saved",))
    elsewhere.start()
    elsewhere.join()
    assert answers.done == []
    qtbot.waitUntil(lambda: task.is_finished)

    assert answers.done == ["saved"]
    assert answers.threads == {threading.get_ident()}


def test_after_closing_nothing_is_delivered_and_no_thread_is_left(qtbot: QtBot) -> None:
    runner, answers = QtRunner(threads=1), Answers()
    future: Future[str] = Future()

    runner.submit(lambda context: 1, answers.take, answers.refuse)
    runner.when(future, answers.take, answers.refuse)
    runner.close()
    future.set_result("too late")
    qtbot.wait(20)

    assert (answers.done, answers.failed) == ([], [])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("stojnica-work")]
