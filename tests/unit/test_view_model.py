"""View-models announce each state once, and a late answer never replaces a newer one."""

from dataclasses import dataclass

from stojnica.services.view_model import LatestOnly, ViewModel


@dataclass(frozen=True)
class Shown:
    number: int


class Counter(ViewModel[Shown]):
    def show(self, number: int) -> None:
        self._set(Shown(number))


def test_a_watcher_hears_the_present_state_and_each_new_one() -> None:
    model = Counter(Shown(0))
    heard: list[int] = []

    model.subscribe(lambda state: heard.append(state.number))
    model.show(1)
    model.show(1)
    model.show(2)

    assert heard == [0, 1, 2]


def test_after_the_end_of_a_subscription_nothing_is_heard() -> None:
    model = Counter(Shown(0))
    heard: list[int] = []
    unsubscribe = model.subscribe(lambda state: heard.append(state.number))

    unsubscribe()
    unsubscribe()
    model.show(1)

    assert heard == [0]


def test_a_state_that_was_already_replaced_is_told_to_nobody() -> None:
    model = Counter(Shown(0))
    heard: list[int] = []

    def hurry(state: Shown) -> None:
        if state.number == 1:
            model.show(2)

    model.subscribe(hurry)
    model.subscribe(lambda state: heard.append(state.number))
    model.show(1)

    assert heard == [0, 2]


def test_an_older_answer_never_replaces_a_newer_one() -> None:
    latest = LatestOnly()
    shown: list[str] = []
    first = latest.ask().only(shown.append)
    second = latest.ask().only(shown.append)

    second("newer")
    first("older")

    assert shown == ["newer"]


def test_a_forgotten_question_is_not_answered() -> None:
    latest = LatestOnly()
    shown: list[str] = []
    answer = latest.ask().only(shown.append)

    latest.forget()
    answer("too late")

    assert shown == []
