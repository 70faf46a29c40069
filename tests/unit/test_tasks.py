"""The runners without Qt keep the promises that every runner makes; the Qt runner is tested in tests/ui."""

from collections.abc import Callable
from concurrent.futures import Future

import pytest

from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.services.tasks import (
    DeferredRunner,
    ImmediateRunner,
    Progress,
    TaskRunner,
    WorkContext,
    known_error,
)


class Answers:
    """Collect what a runner delivers."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.failed: list[Exception] = []


@pytest.fixture(params=["deferred", "immediate"])
def runner_and_settle(request: pytest.FixtureRequest) -> tuple[TaskRunner, Callable[[], None]]:
    if request.param == "deferred":
        deferred = DeferredRunner()
        return deferred, deferred.run
    return ImmediateRunner(), lambda: None


RunnerAndSettle = tuple[TaskRunner, Callable[[], None]]


def test_the_answer_is_delivered_once(runner_and_settle: RunnerAndSettle) -> None:
    runner, settle = runner_and_settle
    answers = Answers()

    task = runner.submit(lambda context: 6 * 7, answers.done.append, answers.failed.append)
    settle()

    assert (answers.done, answers.failed) == ([42], [])
    assert task.is_finished


def test_a_failure_goes_to_failed_alone(runner_and_settle: RunnerAndSettle) -> None:
    runner, settle = runner_and_settle
    answers = Answers()
    error = UserFacingError("No printer answers.")

    def work(context: WorkContext) -> None:
        raise error

    runner.submit(work, answers.done.append, answers.failed.append)
    settle()

    assert (answers.done, answers.failed) == ([], [error])


def test_progress_can_be_polled(runner_and_settle: RunnerAndSettle) -> None:
    runner, settle = runner_and_settle
    answers = Answers()

    task = runner.submit(
        lambda context: context.report(Progress("sending", 3, 12)), answers.done.append, answers.failed.append
    )
    settle()

    assert task.progress == Progress("sending", 3, 12)


def test_a_future_answers_through_the_runner(runner_and_settle: RunnerAndSettle) -> None:
    runner, settle = runner_and_settle
    answers = Answers()
    good: Future[int] = Future()
    bad: Future[int] = Future()
    withdrawn: Future[int] = Future()
    good.set_result(1)
    bad.set_exception(UserFacingError("The disk is full."))
    withdrawn.cancel()
    withdrawn.set_running_or_notify_cancel()

    for future in (good, bad, withdrawn):
        runner.when(future, answers.done.append, answers.failed.append)
    settle()

    assert answers.done == [1]
    assert [type(error) for error in answers.failed] == [UserFacingError, CancelledError]


def test_work_that_was_stopped_before_it_began_does_not_run() -> None:
    runner = DeferredRunner()
    answers = Answers()
    ran: list[bool] = []

    task = runner.submit(lambda context: ran.append(True), answers.done.append, answers.failed.append)
    task.cancel()
    runner.run()

    assert ran == []
    assert [type(error) for error in answers.failed] == [CancelledError]


def test_work_hears_of_the_stop_when_it_reports() -> None:
    runner = DeferredRunner()
    answers = Answers()
    reached: list[int] = []

    def work(context: WorkContext) -> None:
        for step in range(3):
            if step == 1:
                task.cancel()
            context.report(Progress("sending", step, 3))
            reached.append(step)

    task = runner.submit(work, answers.done.append, answers.failed.append)
    runner.run()

    assert reached == [0]
    assert [type(error) for error in answers.failed] == [CancelledError]


def test_the_deferred_runner_delivers_what_the_answers_ask_for_in_turn() -> None:
    runner = DeferredRunner()
    answers = Answers()

    def ask_again(value: int) -> None:
        runner.submit(lambda context: value + 1, answers.done.append, answers.failed.append)

    runner.submit(lambda context: 1, ask_again, answers.failed.append)
    assert runner.waiting == 1
    runner.run()

    assert answers.done == [2]


def test_a_bug_is_raised_again_and_a_stop_is_silent() -> None:
    shown = UserFacingError("No printer answers.")

    assert known_error(shown) is shown
    assert known_error(CancelledError()) is None
    with pytest.raises(ZeroDivisionError):
        known_error(ZeroDivisionError())
