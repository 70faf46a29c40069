"""Names of any script and words without an end: pages stay whole, and one field turns no other round."""

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.ui.test_stand_window import PAGES
from tests.ui.whole_pages import settle, widest

from stojnica.domain.event import Event
from stojnica.domain.handover import Debrief
from stojnica.domain.ids import new_id
from stojnica.domain.initials import initials_of
from stojnica.domain.text_bound import breakable, isolated
from stojnica.services.checklists import add_item
from stojnica.services.closing import close_stand, note_debrief
from stojnica.services.contact_defaults import keep_event_defaults
from stojnica.services.events import add_event, choose_event
from stojnica.services.handover import MATTERS, TO_ORDER, add_line
from stojnica.services.missed_questions import keep_missed_question
from stojnica.services.stand import choose_operator, current_event_id
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team import add_member, start_shift
from stojnica.storage.store import Store
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.stand_window import StandWindow

ARABIC, HEBREW = "\u0645\u062d\u0645\u062f", "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
ENDLESS = "x" * 200
SCREEN = (1366, 768)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("\u0160pela", "\u017dagar", "\u0160. \u017d."),
        ("Sz\u0171cs", "L\u00e1szl\u00f3", "S. L."),
        ("Suharto", "", "S."),
        ("Sin\u00e9ad", "O'Brien", "S. O."),
        (ARABIC, "\u0639\u0644\u064a", "\u2068\u0645. \u0639.\u2069"),
        (HEBREW, "", "\u2068\u05e9.\u2069"),
        (FAMILY, "", FAMILY),
        ("\U0001f1f8\U0001f1ee", "", "\U0001f1f8\U0001f1ee"),
        (f"{FAMILY} Ana", "", "A."),
        ("7", "", "7"),
        ("", "", ""),
    ],
)
def test_initials_are_whole_and_turn_nothing_round(first: str, last: str, shown: str) -> None:
    assert initials_of(first, last) == shown


def test_only_what_is_read_from_the_right_is_kept_apart() -> None:
    assert isolated("Ana O'Brien \U0001f600 \u010c") == "Ana O'Brien \U0001f600 \u010c"
    assert isolated(f"{ARABIC} 031") == f"\u2068{ARABIC} 031\u2069"


@pytest.mark.parametrize("word", [ENDLESS, FAMILY * 40, "a" + "\u0301" * 300, "\U0001f1f8\U0001f1ee" * 60])
def test_an_endless_word_is_broken_between_letters_and_only_on_the_screen(word: str) -> None:
    pieces = breakable(f"Ana {word} Bor").split("\u200b")

    assert len(pieces) > 4
    assert "".join(pieces) == f"Ana {word} Bor"
    assert not any(piece.startswith(("\u200d", "\U0001f3fb")) for piece in pieces)
    assert breakable("https://example.org/sl/prijava") == "https://example.org/sl/prijava"


def test_a_label_says_what_it_was_given_and_is_no_wider_than_its_place(qtbot: QtBot) -> None:
    label = Label(ENDLESS, wrap=True)
    qtbot.addWidget(label)

    assert label.text() == ENDLESS
    assert label.minimumSizeHint().width() < 400
    label.set_marked(f"**{ENDLESS}**")
    assert "<b" in label.text()


def test_a_name_from_the_right_stands_beside_its_hour(qtbot: QtBot) -> None:
    rows = ListRows()
    qtbot.addWidget(rows)
    rows.set_rows([ListRow(initials_of(ARABIC), lead="14:32", key=1), ListRow("Ana", lead="14:32", key=2)])
    rows.resize(600, 200)
    rows.show()

    right = rows.grab().toImage()

    words = [label for label in rows.findChildren(QLabel) if ARABIC[0] in label.text()]
    assert len(words) == 1
    left = words[0].mapTo(rows, words[0].rect().topLeft())
    ground = right.pixelColor(left.x() + 300, left.y() + 2)
    near = [right.pixelColor(left.x() + x, left.y() + y) for x in range(60) for y in range(words[0].height())]
    assert any(pixel != ground for pixel in near)


def fill_with_endless_words(store: Store) -> None:
    """Put a word without an end wherever somebody may type one."""

    def chosen(connection: Any) -> Any:
        return current_event_id(connection)

    event = Event(
        event_id=new_id(),
        name=ENDLESS,
        code="endless",
        place=ENDLESS,
        city=ENDLESS,
        starts="2024-09-20T10:00",
        ends="2024-09-20T18:00",
    )
    event = add_event(store, event).result()
    event_id = store.read(chosen).result()
    choose_operator(store, ENDLESS).result()
    keep_event_defaults(store, event_id, ENDLESS, ENDLESS).result()
    add_line(store, event_id, MATTERS, ENDLESS).result()
    add_line(store, event_id, TO_ORDER, ENDLESS).result()
    add_item(store, "packing", ENDLESS[:120]).result()
    maja = add_member(store, ENDLESS[:40], "K", is_experienced=True, work="other").result()
    start_shift(store, maja.member_id).result()
    keep_missed_question(store, ENDLESS * 9, language="sl", event_id=event_id).result()
    close_stand(store, event_id).result()
    note_debrief(store, event_id, Debrief(worked=ENDLESS)).result()
    choose_event(store, event.event_id).result()


@pytest.mark.parametrize("key", PAGES)
def test_words_without_an_end_make_no_page_wider_than_the_screen(
    stand: StandWindow, runner: DeferredRunner, store: Store, key: str
) -> None:
    fill_with_endless_words(store)

    stand.main.resize(*SCREEN)
    stand.main.show_page(key)
    runner.run()
    settle()

    page = stand.main.page(key)
    assert page is not None
    assert stand.main.minimumSizeHint().width() <= SCREEN[0], widest(page)
    room = SCREEN[0] - 150
    assert page.minimumSizeHint().width() <= room, widest(page)
