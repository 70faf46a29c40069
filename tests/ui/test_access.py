"""Every screen for those who don't see it, or don't use a mouse, or read large or in a long language."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.ui.spoken_pages import faults
from tests.ui.tab_through import keyboard_faults
from tests.ui.test_stand_window import PAGES
from tests.ui.whole_pages import cut, overlapping, settle

import stojnica.i18n
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.i18n import use_language
from stojnica.services.capture import save_signup
from stojnica.services.stand import StandContext, stand_now
from stojnica.services.tally_keys import KEY_SETS, OFF, TallyKeys
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team import add_member, start_shift
from stojnica.ui.screenshots import SIZE, show_screens
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import GROUP, SLIPS, StandWindow

MakeModels = Callable[[StandContext], StandModels]
LOOKS = (cut, overlapping, faults, keyboard_faults)
Visit = Callable[[Callable[[QWidget], list[str]]], "Visitor"]


@dataclass
class Visitor:
    """Come by each screen, as a camera does, and note what is wrong with it."""

    look: Callable[[QWidget], list[str]]
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def snap(self, widget: QWidget, name: str, *, at_size: QSize | None = SIZE) -> None:
        widget.showNormal()
        widget.activateWindow()
        if at_size is not None:
            widget.resize(at_size)
        settle()
        self.seen.append(name)
        if wrong := self.look(widget):
            self.found[name] = wrong


@pytest.fixture
def busy(live: StandContext) -> StandContext:
    """Give a stand with people in every list, some of whom have the same initials."""
    event = live.store.read(stand_now).result().event
    assert event is not None
    for first_name, last_name in (("Ana", "Novak"), ("Ana", "Novak"), ("Žiga", "Šuštar")):
        save_signup(
            live.store,
            SignUp(first_name, last_name, email=f"{last_name}@example.org".lower(), purposes=("answer",)),
            subject_id=new_id(),
            event_id=event.event_id,
            channel="kiosk",
            evidence=ConsentEvidence("screen", "sl", {}),
        ).result()
    for name in ("Maja", "Tilen", "Jaka"):
        member = add_member(live.store, name, "K", is_experienced=True, work="content").result()
        if name != "Jaka":
            start_shift(live.store, member.member_id).result()
    return live


@pytest.fixture
def visit(qtbot: QtBot, busy: StandContext, make_models: MakeModels) -> Visit:
    """Give a call that comes by every screen of the program."""

    def come_by(look: Callable[[QWidget], list[str]]) -> Visitor:
        visitor = Visitor(look)
        show_screens(visitor, lambda: make_models(busy), lambda: "**Practice** · PIN 2468")
        assert len(visitor.seen) > 45
        return visitor

    return come_by


@pytest.mark.parametrize("scale", [1.0, 2.0], indirect=True)
@pytest.mark.parametrize("language", ["sl", "en"])
def test_each_screen_is_whole_said_by_a_screen_reader_and_reached_by_the_keyboard_alone(
    visit: Visit, language: str, scale: float
) -> None:
    use_language(language)

    # The keyboard comes last, since it moves the focus and may scroll.
    visitor = visit(lambda window: [fault for look in LOOKS for fault in look(window)])

    assert visitor.found == {}


def stretched(text: str) -> str:
    """Make a text about 40 % longer, with marks above the letters, as a wordy language would."""
    marks = str.maketrans("aeiouszc", "áéíóúšžč")
    parts = re.split(r"(\{[^}]*\})", text)
    words = "".join(part if part.startswith("{") else part.translate(marks) for part in parts)
    return f"[{words}{' ~~~' * max(len(text) // 10, 1)}]"


class _Stretched:
    """Stand for the catalogue of a language that nobody speaks."""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return stretched(singular if count == 1 else plural)


def speak_stretched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        stojnica.i18n, "_text", lambda _language, key: stretched(key.rpartition("\4")[2]) if key else ""
    )
    monkeypatch.setattr(stojnica.i18n, "_catalogue", lambda _language: _Stretched())


def test_nothing_is_cut_on_any_screen_in_a_wordy_language(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_stretched(monkeypatch)

    visitor = visit(lambda window: [*cut(window), *overlapping(window)])

    assert visitor.found == {}


def test_no_key_of_a_page_counts_people_at_the_same_time(stand: StandWindow, runner: DeferredRunner) -> None:
    for key in (*PAGES, GROUP, SLIPS):
        stand.main.show_page(key)
        runner.run()

    pressed = {shortcut.key().toString() for shortcut in stand.main.findChildren(QShortcut)}
    counting = {
        QKeySequence(TallyKeys(keys).cap(place).replace(" ", "+")).toString()
        for keys in KEY_SETS
        if keys != OFF
        for place in range(1, 10)
    }

    assert len(pressed) > 8
    assert pressed & counting == set()
