"""The page *Send to the office*."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.services.send import (
    FAILED,
    SendFailure,
    SendState,
    SendViewModel,
    stage_text,
)
from stojnica.services.tasks import Progress
from stojnica.ui.controls.banner import ResultBanner
from stojnica.ui.controls.button import ActionButton, Kind
from stojnica.ui.controls.card import Card
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.page import Page, row
from stojnica.ui.controls.progress_panel import ProgressPanel
from stojnica.ui.controls.rows import ListRow, ListRows
from stojnica.ui.theme.sizes import GAP


class SendPage(Page):
    """Show what waits, send it, show the proof or why it could not be."""

    def __init__(self, model: SendViewModel) -> None:
        super().__init__(_("Send to the office"))
        self._model = model
        self._test = ActionButton(_("Test connection"))
        self._send = ActionButton(_("Send now"), Kind.FILLED, key="Ctrl+Return")
        self._banner = ResultBanner()
        self._progress = ProgressPanel(self._poll, self._describe)
        self._happened = _HappenedCard()
        self._failed = _FailedCards(self)
        self._note = Label("", "mid", wrap=True)
        self._here = Card(_("On this laptop"))
        self._here_text = self._here.add_text("")
        self._patience = Card(_("No internet?"))
        self._build()
        self._connect()
        self.follow(model, self._render)

    def _build(self) -> None:
        self.header.add_actions(self._test, self._send)
        self.add(self._banner)
        self.add(self._note)
        self.add(self._progress)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self._here)
        column.addWidget(self._patience)
        column.addStretch(1)
        self._patience.add_text(
            _("Close the lid and send later, from anywhere. Everything waits here, encrypted.")
        )
        self._result_row = QWidget()
        beside = _row_of(self._result_row)
        beside.addWidget(self._happened, 13)
        beside.addWidget(side, 10)
        self.add(self._result_row)
        self.add(self._failed)
        self.add_stretch()

    def _connect(self) -> None:
        self._test.clicked.connect(self._model.test_connection)
        self._send.clicked.connect(self._model.send)
        self._progress.stopped.connect(self._model.cancel)

    def _poll(self) -> Progress | None:
        return self._model.progress

    def _describe(self, _stage: str) -> str:
        progress = self._model.progress
        return "" if progress is None else stage_text(progress)

    def _render(self, state: SendState) -> None:
        is_failed = state.phase == FAILED
        self.header.set_subtitle(state.subtitle)
        self._send.set_text(_send_text(state))
        self._send.set_kind(Kind.OUTLINED if _is_all_there(state) else Kind.FILLED)
        self._send.setEnabled(not state.is_busy and state.is_enrolled)
        self._test.setEnabled(not state.is_busy and state.is_enrolled)
        self._progress.set_running(state.is_busy)
        self._render_banner(state)
        self._note.setText(state.connection_note)
        self._note.setVisible(bool(state.connection_note))
        self._happened.set_lines(
            [ListRow(line.label, trail=line.value, sign=line.tone) for line in state.lines]
        )
        self._happened.setVisible(bool(state.lines))
        self._here_text.setText(_here_text(state))
        self._result_row.setVisible(not is_failed)
        self._patience.setVisible(not _is_all_there(state))
        self._failed.setVisible(is_failed)
        if state.failure is not None:
            self._failed.set_failure(state.failure)

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

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._details = ""
        self._todo = Card(_("What you can do"))
        self._help = Card(_("For help"))
        self._steps = self._todo.add_text("")
        self._reasons = self._help.add_text("")
        self._copy = ActionButton(_("Copy details"))
        self._help.body.addLayout(row(self._copy))
        self._help.body.addStretch(1)
        self._todo.body.addStretch(1)
        self._copy.clicked.connect(self._on_copy)
        beside = _row_of(self)
        beside.addWidget(self._todo, 13)
        beside.addWidget(self._help, 10)

    def set_failure(self, failure: SendFailure) -> None:
        self._details = failure.details()
        steps = failure.next_steps
        numbered = (
            [f"{place}. {step}" for place, step in enumerate(steps, 1)] if len(steps) > 1 else list(steps)
        )
        self._steps.setText("\n".join(numbered))
        self._reasons.setText("\n".join(failure.help_lines))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self._copy.set_text(_("Copied"))


def _row_of(widget: QWidget) -> QHBoxLayout:
    beside = QHBoxLayout(widget)
    beside.setContentsMargins(0, 0, 0, 0)
    beside.setSpacing(GAP)
    return beside


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
    return _("The contacts stay here, encrypted, also after the office has them.")
