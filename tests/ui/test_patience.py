"""Waiting while windows live on."""

from pytestqt.qtbot import QtBot

from stojnica.ui.patience import wait_until


def test_what_was_so_for_a_moment_was_so(qtbot: QtBot) -> None:
    # Given something that is so once, as two pictures are alike until a cursor blinks
    answers = iter([False, False, True])

    came = wait_until(lambda: next(answers, False), 5, 1)

    assert came


def test_what_never_comes_ends_the_waiting(qtbot: QtBot) -> None:
    assert not wait_until(lambda: False, 0.02, 1)
