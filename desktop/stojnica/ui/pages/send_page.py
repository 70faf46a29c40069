"""The page *Send to the office*."""

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.leaving import LeavingState
from stojnica.services.send import FAILED, SendFailure, SendState, SendViewModel
from stojnica.services.send_words import stage_text
from stojnica.services.stick import StickState, StickViewModel
from stojnica.services.tasks import Progress
from stojnica.ui.controls.banner import ResultBanner
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import Page, row
from stojnica.ui.controls.paragraphs import Paragraphs
from stojnica.ui.controls.paused_buttons import PausedButtons
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.controls.side_by_side import SideBySide
from stojnica.ui.pages.enrol_card import EnrolCard
from stojnica.ui.pages.erase_order_card import EraseOrderCard
from stojnica.ui.pages.stick_card import StickCard
from stojnica.ui.theme.sizes import GAP


class SendPage(Page):
    """Show what waits, send it, show the proof or why it could not be."""

    def __init__(self, model: SendViewModel, stick: StickViewModel | None = None) -> None:
        super().__init__(_("Send to the office"))
        self._model = model
        self._stick_model = stick
        self._test = ActionButton(_("Test connection"))
        self._send = ActionButton(_("Send now"), Kind.FILLED, key="Ctrl+Return")
        # Whoever sent by keyboard has the same button under the hand when the answer is there.
        self._buttons = PausedButtons(self._test, self._send, rest=self)
        self._banner = ResultBanner()
        self._progress = ProgressPanel(self._poll, self._describe)
        self._happened = _HappenedCard()
        self._failed = _FailedCards()
        self._note = Label("", "mid", wrap=True)
        self._here = Card(_("On this laptop"))
        self._here_text = self._here.add_text("")
        self._leaving = Paragraphs()
        self._here.add(self._leaving)
        self._patience = StickCard(stick)
        self._enrol = EnrolCard(model)
        self._orders = EraseOrderCard(model.orders)
        self._side = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._result_row = QWidget()
        self._build()
        self._connect()
        self.follow(model, self._render)
        self.follow(model.leaving, self._render_leaving)
        if stick is not None:
            self.follow(stick, self._render_stick)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stick_model is not None:
            self._stick_model.refresh()

    def _build(self) -> None:
        self.header.add_actions(self._test, self._send)
        for card in (self._here, self._happened):
            card.body.addStretch(1)
        self._side.setSpacing(GAP)
        self._side.addWidget(self._here, 1)
        self._side.addWidget(self._patience, 1)
        self._side.addWidget(self._enrol, 1)
        beside = SideBySide(gap=GAP)
        beside.add(self._happened, 13)
        beside.add(self._side, 10)
        self._result_row.setLayout(beside)
        for widget in (
            self._banner,
            self._note,
            self._orders,
            self._progress,
            self._patience.progress,
            self._failed,
            self._result_row,
        ):
            self.add(widget)
        self.add_stretch()

    def _connect(self) -> None:
        self._test.clicked.connect(self._model.test_connection)
        self._send.clicked.connect(self._model.send)
        self._progress.stopped.connect(self._model.cancel)
        self._orders.agreed.connect(self._send.setFocus)
        self._patience.has_new_enrolment.connect(self._enrol.ask_for_file)

    def _poll(self) -> Progress | None:
        return self._model.progress

    def _describe(self, stage: str) -> str:
        # The panel shows the counts.
        return _("Sending to the office …") if stage == "push" else stage_text(Progress(stage))

    def _render(self, state: SendState) -> None:
        is_failed = state.phase == FAILED
        self.header.set_subtitle(state.subtitle)
        self._send.set_text(_send_text(state))
        is_other_first = _is_all_there(state) or bool(state.enrolment_name)
        self._send.set_kind(Kind.OUTLINED if is_other_first else Kind.FILLED)
        self._buttons.set_idle(not state.is_busy and state.is_enrolled)
        self._progress.set_running(state.is_busy)
        self._render_banner(state)
        self._note.setText(state.connection_note)
        self._note.setVisible(bool(state.connection_note))
        self._happened.set_lines(
            [ListRow(line.label, trail=line.value, sign=line.tone) for line in state.lines]
        )
        self._happened.setVisible(bool(state.lines) and not is_failed)
        stacked, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._side.setDirection(stacked if state.lines else beside)
        self._here_text.setText(_here_text(state))
        self._here_text.setVisible(bool(self._here_text.text()))
        self._render_leaving(self._model.leaving.state)
        self._here.setVisible(not is_failed)
        self._show_patience(state)
        self._enrol.setVisible(state.wants_enrolment and bool(state.subtitle))
        self._enrol.render_state(state)
        self._failed.setVisible(is_failed)
        if state.failure is not None:
            self._failed.set_failure(state.failure)

    def _render_leaving(self, state: LeavingState) -> None:
        texts = [text for text in (*state.lines, state.trouble) if text]
        self._leaving.set_texts(texts)
        self._leaving.setVisible(bool(texts) and self._model.state.is_enrolled)

    def _render_stick(self, state: StickState) -> None:
        self._patience.render_state(state)
        self._show_patience(self._model.state)

    def _show_patience(self, state: SendState) -> None:
        # What a receipt just confirmed stays to be read, also when nothing waits any more.
        has_news = self._stick_model is not None and self._stick_model.state.message is not None
        is_all_there = _is_all_there(state)
        self._patience.set_all_there(is_all_there)
        self._patience.setVisible(state.is_enrolled and (has_news or not is_all_there))

    def _render_banner(self, state: SendState) -> None:
        if state.failure is not None:
            text = f"{state.failure.what} **{state.failure.safe}**"
            self._banner.set_result("wait", state.headline, text)
            return
        tone = "good" if _is_all_there(state) else "wait"
        self._banner.set_result(
            tone, state.headline, state.detail, code=state.code, code_label=_("code") if state.code else ""
        )


class _HappenedCard(Card):
    def __init__(self) -> None:
        super().__init__(_("What happened"))
        self._rows = ListRows()
        self.add(self._rows)

    def set_lines(self, rows: list[ListRow]) -> None:
        self._rows.set_rows(rows)


class _FailedCards(QWidget):
    """What a volunteer can do, and what helps whoever she asks."""

    def __init__(self) -> None:
        super().__init__()
        self._failure: SendFailure | None = None
        self._todo = Card(_("What you can do"))
        self._help = Card(_("For help"))
        self._reasons = self._help.add_text("")
        self._copy = ActionButton(_("Copy details"))
        self._help.body.addLayout(row(self._copy))
        self._help.body.addStretch(1)
        self._copy.clicked.connect(self._on_copy)
        beside = SideBySide(gap=GAP)
        beside.add(self._todo, 13)
        beside.add(self._help, 10)
        self.setLayout(beside)

    def set_failure(self, failure: SendFailure) -> None:
        if failure == self._failure:
            return
        self._failure = failure
        self._reasons.setText("\n".join(failure.help_lines))
        self._copy.set_text(_("Copy details"))
        self._set_steps(failure.next_steps)

    def _set_steps(self, steps: Sequence[str]) -> None:
        while (item := self._todo.body.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, step in enumerate(steps, 1):
            self._todo.add_text(f"{place}. {step}" if len(steps) > 1 else step, "")
        self._todo.body.addStretch(1)

    def _on_copy(self) -> None:
        if self._failure is not None:
            QGuiApplication.clipboard().setText(self._failure.details())
            self._copy.set_text(_("Copied"))


def _is_all_there(state: SendState) -> bool:
    return state.failure is None and state.records_waiting == 0 and bool(state.code)


def _send_text(state: SendState) -> str:
    if state.phase == FAILED:
        return _("Try again")
    return _("Send again") if _is_all_there(state) else _("Send now")


def _here_text(state: SendState) -> str:
    if not state.is_enrolled:
        return _(
            "This laptop doesn't know its office yet. Ask there for an enrolment file;"
            " what you collect until then is delivered afterwards."
        )
    return _("Where there is internet, this laptop also sends by itself.") if state.is_automatic else ""
