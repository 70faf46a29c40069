"""What goes wrong is said at its field and aloud; what was done is said aloud; no colour is alone."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.spoken_pages import nodes
from tests.ui.whole_pages import settle

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.tally import REACHED
from stojnica.services.stand import current_event_id
from stojnica.services.tasks import DeferredRunner, ImmediateRunner
from stojnica.services.unlock import UnlockViewModel
from stojnica.ui.controls import spoken
from stojnica.ui.controls.banner import RoundSign, tone_word
from stojnica.ui.controls.field import FieldMessage, TextField
from stojnica.ui.controls.notice_card import NoticeCard
from stojnica.ui.controls.said import Said
from stojnica.ui.kiosk.window import KioskWindow
from stojnica.ui.pages.new_pin_dialog import NewPinDialog
from stojnica.ui.pages.several_dialog import SeveralDialog
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import CONTACT, EVENTS, SLIPS, TEAM, StandWindow
from stojnica.ui.start.unlock_window import UnlockWindow


class Voice:
    """Stand for Qt's way to a screen reader that is running, and note what it is to say."""

    Role = QAccessible.Role
    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def __init__(self) -> None:
        self.said: list[str] = []

    def isActive(self) -> bool:
        return True

    def updateAccessibility(self, event: QAccessibleAnnouncementEvent) -> None:
        self.said.append(event.message())


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> Voice:
    listening = Voice()
    monkeypatch.setattr(spoken, "QAccessible", listening)
    return listening


def complained(window: QWidget) -> dict[str, str]:
    """Give what is said of each control that has something to say, by its name."""
    return {node.name: node.description for node in nodes(window) if node.description}


def red_words(window: QWidget) -> set[str]:
    """Give all that stands somewhere in the colour of errors."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible()]
    return {label.text() for label in labels if label.property("tone") == "bad" and label.text()}


def unsaid(window: QWidget, voice: Voice) -> set[str]:
    """Give the errors that no control has as its description, or that were not said aloud."""
    settle()
    descriptions = " ".join(complained(window).values())
    aloud = " ".join(voice.said)
    words = red_words(window)
    assert words, "nothing went wrong"
    return {word for word in words if word not in descriptions or word not in aloud}


def test_what_the_visitor_left_out_is_said_at_its_field(
    qtbot: QtBot, models: StandModels, runner: DeferredRunner, voice: Voice
) -> None:
    kiosk = KioskWindow(models.kiosk)
    qtbot.addWidget(kiosk)
    kiosk.begin()
    runner.run()
    models.kiosk.next()

    models.kiosk.next()

    assert unsaid(kiosk, voice) == set()
    models.kiosk.type("first_name", "Ana")
    models.kiosk.type("email", "ana@example.org")
    youngest = models.kiosk.state.question("age_band")
    assert youngest is not None
    models.kiosk.choose("age_band", youngest.options[0].id)
    models.kiosk.next()
    models.kiosk.next()
    assert unsaid(kiosk, voice) == set()
    models.kiosk.back()
    models.kiosk.choose("age_band", youngest.options[2].id)
    models.kiosk.next()
    models.kiosk.submit()
    assert unsaid(kiosk, voice) == set()
    kiosk.forget()


def test_each_page_of_the_kiosk_says_what_it_is_and_whether_somebody_is_there(
    qtbot: QtBot, models: StandModels, runner: DeferredRunner, voice: Voice, clock: SetClock
) -> None:
    kiosk = KioskWindow(models.kiosk)
    qtbot.addWidget(kiosk)
    kiosk.begin()
    runner.run()

    models.kiosk.next()

    assert [words for words in voice.said if "What interests you?" in words]
    assert "Who are you?" in voice.said[-1]
    clock.at_us += 61_000_000
    models.kiosk.tick()
    assert "Are you still here?" in voice.said[-1]
    kiosk.forget()


def test_the_page_below_the_pin_is_not_read(
    qtbot: QtBot, models: StandModels, runner: DeferredRunner
) -> None:
    kiosk = KioskWindow(models.kiosk)
    qtbot.addWidget(kiosk)
    kiosk.begin()
    runner.run()
    models.kiosk.next()
    models.kiosk.type("first_name", "Ana")

    models.kiosk.lose_focus()

    assert [node.name for node in nodes(kiosk) if "First name" in node.name or "Ana" in node.name] == []


def test_what_the_form_lacks_is_said_at_its_field(
    stand: StandWindow, runner: DeferredRunner, voice: Voice
) -> None:
    stand.main.show_page(CONTACT)
    runner.run()

    stand.models.contact.save()

    assert unsaid(stand.main, voice) == set()
    stand.models.contact.type("first_name", "Ana")
    stand.models.contact.type("email", "ana@example.org")
    stand.models.contact.choose_band(stand.models.contact.state.bands[0].id)
    stand.models.contact.save()
    assert unsaid(stand.main, voice) == set()
    stand.models.contact.choose_band(stand.models.contact.state.bands[2].id)
    stand.models.contact.save()
    assert unsaid(stand.main, voice) == set()


def test_a_saved_contact_and_a_count_are_said_aloud(
    stand: StandWindow, runner: DeferredRunner, voice: Voice
) -> None:
    stand.models.today.count(REACHED)
    runner.run()
    assert "People reached: 1" in voice.said

    stand.main.show_page(CONTACT)
    runner.run()
    model = stand.models.contact
    for name in ("Ana", "Žiga"):
        voice.said.clear()
        model.type("first_name", name)
        model.type("email", f"{name[0].lower()}@example.org")
        model.choose_band(model.state.bands[2].id)
        model.tick_box("answer", True)
        model.save()
        runner.run()
        assert any("aved" in words for words in voice.said), name


@pytest.mark.parametrize("page", [EVENTS, TEAM, SLIPS])
def test_what_is_wrong_on_other_pages_is_said_at_its_field(
    stand: StandWindow, runner: DeferredRunner, voice: Voice, page: str
) -> None:
    models = stand.models
    runner.run()
    if page == SLIPS:
        event_id = models.context.store.read(current_event_id).result()
        assert event_id is not None
        stand.open_slips(event_id)
        runner.run()
        models.slip_entry.type_number("nothing")
        models.slip_entry.open()
    else:
        stand.main.show_page(page)
        runner.run()
    if page == EVENTS:
        models.events.add()
        models.events.save()
    if page == TEAM:
        models.team.people.add()
    runner.run()

    assert unsaid(stand.main, voice) == set()


def test_a_dialog_says_what_is_wrong_at_its_field(stand: StandWindow, voice: Voice) -> None:
    several, pin = SeveralDialog(stand.main, stand.models.today), NewPinDialog(stand.main)
    for dialog in (several, pin):
        dialog.open()

        dialog.submit()

        assert unsaid(dialog, voice) == set()
    pin.show_error(UserFacingError("This PIN is another one's."))
    assert "This PIN is another one's." in complained(pin)["A PIN that is right now, or the passphrase"]
    assert "This PIN is another one's." in " ".join(voice.said)
    for dialog in (several, pin):
        dialog.close()


def test_a_wrong_passphrase_is_said_at_its_field(qtbot: QtBot, voice: Voice) -> None:
    def refuse(*_arguments: object) -> Any:
        raise UserFacingError("These are not the words.", next_step="Look at the paper.")

    window = UnlockWindow(UnlockViewModel(ImmediateRunner(), refuse, lambda _stand: None))
    qtbot.addWidget(window)
    window.show()

    line = window.findChild(QLineEdit)
    assert line is not None
    line.setText("jutro")
    qtbot.keyClick(line, Qt.Key.Key_Return)

    assert unsaid(window, voice) == set()
    window.close()


def test_a_hint_is_not_said_while_somebody_types(qtbot: QtBot, voice: Voice) -> None:
    field = TextField("Day")
    qtbot.addWidget(field)
    field.show()

    field.set_message(FieldMessage("Friday, 20 September"))
    field.set_message(FieldMessage("No such day", "bad"))
    field.set_message(FieldMessage("No such day", "bad"))

    assert voice.said == ["Day: No such day"]
    assert field.line.accessibleDescription() == "No such day"


def test_the_same_news_is_said_again_when_it_is_news_again(qtbot: QtBot, voice: Voice) -> None:
    card = NoticeCard("good")
    qtbot.addWidget(card)
    for _time in range(2):
        card.set_notice("Saved", "The next one can come.")
        card.show()
        card.set_notice("Saved", "The next one can come.")
        card.hide()

    assert voice.said == ["Saved. The next one can come."] * 2


@pytest.mark.parametrize("tone", ["good", "wait", "bad"])
def test_a_coloured_sentence_has_a_sign_beside_it(qtbot: QtBot, tone: str) -> None:
    said = Said()
    qtbot.addWidget(said)
    said.resize(300, 40)
    said.show()

    said.say("A sentence", "")
    plain = said.grab().toImage()
    said.say("A sentence", tone)
    signed = said.grab().toImage()

    assert said.contentsMargins().left() > 0
    strip = [(x, y) for x in range(said.contentsMargins().left()) for y in range(0, 40, 2)]
    assert any(signed.pixel(x, y) != plain.pixel(0, 39) for x, y in strip)
    assert {tone_word(one) for one in ("good", "wait", "bad")} == {"fine", "to look at", "not fine"}


def test_what_a_round_sign_means_is_said(qtbot: QtBot) -> None:
    for tone in ("good", "wait", "bad"):
        sign = RoundSign(tone, 24)
        qtbot.addWidget(sign)
        assert sign.accessibleName() == tone_word(tone)
    chosen = RoundSign("good", 24, said="chosen")
    qtbot.addWidget(chosen)
    assert chosen.accessibleName() == "chosen"
