"""The kiosk's window: full screen, wiped by itself, and left only with the PIN."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent, QWindow
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from stojnica.domain.signup import SignUpForm
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase, KioskState
from stojnica.ui.controls.focus_order import lead_focus
from stojnica.ui.controls.kiosk_sheet import KioskHead
from stojnica.ui.controls.language_row import LanguageRow
from stojnica.ui.controls.monogram import OrganisationSign
from stojnica.ui.controls.spoken import announce
from stojnica.ui.kiosk.consent_page import ConsentPage
from stojnica.ui.kiosk.counts_page import CountsPage
from stojnica.ui.kiosk.cover import Cover, NoticeCover, StillHereCover
from stojnica.ui.kiosk.pages import (
    ClosedPage,
    EndPage,
    GuardianPage,
    KioskPage,
)
from stojnica.ui.kiosk.pin_cover import PinCover
from stojnica.ui.kiosk.questions_page import QuestionsPage

TICK_MS = 1_000
FOCUS_GRACE_MS = 250
"""How long the window may be without the focus: an opening window has none yet, a notification takes it."""
_TOUCHES = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
)
_CLOSED_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_F11, Qt.Key.Key_F1, Qt.Key.Key_F10, Qt.Key.Key_Menu)
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def form_key(page_id: str) -> str:
    """Give the name under which a page of the form is kept."""
    return f"form:{page_id}"


class KioskWindow(QWidget):
    """Draw the kiosk. `left` comes when the team has given the PIN."""

    left = Signal()

    def __init__(self, model: KioskViewModel) -> None:
        super().__init__()
        self._model = model
        self._shown = ""
        self._phase: KioskPhase | None = None
        self._covered: Cover | None = None
        self._before_cover: QWidget | None = None
        self._is_clean = True
        self._languages: tuple[tuple[str, str], ...] = ()
        self._head: KioskHead | None = None
        self._language_row: LanguageRow | None = None
        self._is_guarding = False
        self._was_active = False
        self._head_place = QVBoxLayout()
        self._stack = QStackedWidget()
        self._end = EndPage(model)
        closed = ClosedPage(model)
        closed.left.connect(self._leave)
        # Pages of the form are made when they are first shown, under their own names.
        self.pages: dict[str, KioskPage] = {
            KioskPhase.CLOSED: closed,
            KioskPhase.GUARDIAN: GuardianPage(model),
            KioskPhase.CONSENT: ConsentPage(model),
            KioskPhase.COUNTS: CountsPage(model),
            KioskPhase.THANKS: self._end,
            KioskPhase.REFUSED: self._end,
        }
        self.pin = PinCover(self, model)
        self._notice = NoticeCover(self, model)
        self._still_here = StillHereCover(self, model)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(model.tick)
        self._unfocused = QTimer(self, singleShot=True, interval=FOCUS_GRACE_MS)
        self._unfocused.timeout.connect(self._on_unfocused)
        self._build()
        self._unsubscribe = model.subscribe(self._render)

    @property
    def phase(self) -> KioskPhase | None:
        """Give the phase whose page is shown."""
        return self._phase

    @property
    def step(self) -> int:
        """Give which of the steps is shown, 0 outside of them."""
        return self._model.state.step

    @property
    def current_page(self) -> KioskPage | None:
        """Give the page that is shown."""
        return self.pages.get(self._shown)

    def begin(self) -> None:
        """Show the first page to the next visitor."""
        self._is_guarding = True
        self._was_active = False
        self._model.open()
        self._tick.start()
        self._handle().installEventFilter(self)
        self.showFullScreen()
        self.activateWindow()

    def end(self) -> None:
        """Stop guarding, so that the window can go."""
        self._is_guarding = False
        self._tick.stop()
        self._unfocused.stop()
        self._handle().removeEventFilter(self)

    def forget(self) -> None:
        """End for good: the view-model is listened to no longer."""
        self.end()
        self._unsubscribe()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return lead_focus(self, is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        # Alt+F4 and the desktop's own menus ask here: the answer is no. The team has its own key.
        if self._is_guarding:
            event.ignore()
        else:
            super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and self._is_guarding:
            if self.isActiveWindow():
                self._was_active = True
                self._unfocused.stop()
            elif self._was_active:
                # A window that is still opening has no focus to lose.
                self._unfocused.start()
        super().changeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear what is typed and pressed before any widget does."""
        if event.type() not in _TOUCHES:
            return super().eventFilter(watched, event)
        if not isinstance(event, QKeyEvent):
            self._model.touch()
            # A finger that trembles taps twice, and the second tap would fall on the next page.
            return event.type() == QEvent.Type.MouseButtonDblClick and self._covered is not self.pin
        if not event.isAutoRepeat():
            # A bag that lies on the keyboard is no visitor.
            self._model.touch()
        return self._swallows(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for cover in (self.pin, self._notice, self._still_here):
            cover.setGeometry(self.rect())
        super().resizeEvent(event)

    def _build(self) -> None:
        self.setWindowTitle("Stojnica")
        self.setProperty("ground", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.resize(1366, 768)
        for page in dict.fromkeys(self.pages.values()):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head_place)
        column.addWidget(self._stack, 1)

    def _handle(self) -> QWindow:
        """Give the window of the platform, which gets every key first."""
        self.winId()
        handle = self.windowHandle()
        assert handle is not None
        return handle

    def _on_unfocused(self) -> None:
        if self._is_guarding and not self.isActiveWindow():
            self._model.lose_focus()

    def _swallows(self, event: QKeyEvent) -> bool:
        """Tell whether a key would lead out or run on, and lead the team's own key to the PIN."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if control and shift and event.key() == Qt.Key.Key_K:
            self._model.ask_to_leave()
            return True
        if event.key() in _ENTER_KEYS and event.isAutoRepeat():
            return True
        return event.key() in _CLOSED_KEYS or (control and event.key() in (Qt.Key.Key_Q, Qt.Key.Key_W))

    def _render(self, state: KioskState) -> None:
        if state.is_left:
            self._leave()
            return
        self._keep_clean(state)
        page = self._page_of(state)
        if page is not None:
            self._render_head(state)
            page.render_state(state)
            self._phase = state.phase
            if self._stack.currentWidget() is not page or not self._shown:
                self._stack.setCurrentWidget(page)
                self._shown = form_key(state.page_id) if state.page_id else state.phase
                self._before_cover = None
                announce(page, page.words)
                if self._covered is None:
                    page.take_focus()
        self._render_covers(state)

    def _page_of(self, state: KioskState) -> KioskPage | None:
        if state.phase is not KioskPhase.FORM:
            return self.pages.get(state.phase)
        key = form_key(state.page_id)
        if key not in self.pages:
            self.pages[key] = QuestionsPage(self._model)
            self._stack.addWidget(self.pages[key])
        return self.pages[key]

    def _keep_clean(self, state: KioskState) -> None:
        """Wipe every page as soon as the view-model holds nothing of a visitor any more."""
        if state.form != SignUpForm():
            self._is_clean = False
        elif not self._is_clean:
            self._is_clean = True
            self._wipe(state)

    def _wipe(self, state: KioskState) -> None:
        QGuiApplication.inputMethod().reset()
        for page in dict.fromkeys(self.pages.values()):
            page.wipe()
        for page in dict.fromkeys(self.pages.values()):
            if page is not self.pages[KioskPhase.CLOSED]:
                page.render_state(state)
        clipboard = QGuiApplication.clipboard()
        clipboard.clear()
        if clipboard.supportsSelection():
            clipboard.clear(QClipboard.Mode.Selection)

    def _render_head(self, state: KioskState) -> None:
        if self._head is None or self._languages != state.languages:
            if self._head is not None:
                self._head_place.removeWidget(self._head)
                self._head.deleteLater()
            self._languages = state.languages
            self._language_row = LanguageRow(state.languages)
            self._language_row.chosen.connect(self._model.speak)
            self._head = KioskHead(OrganisationSign(state.monogram, state.organisation), self._language_row)
            self._head_place.addWidget(self._head)
            # A voice reads what was made first as the first.
            self._head.lower()
        if self._language_row is not None:
            self._language_row.set_language(state.language)
            self._language_row.set_name(state.texts.languages)
        self._head.setVisible(state.phase is not KioskPhase.CLOSED and state.pin is None)

    def _render_covers(self, state: KioskState) -> None:
        wanted: Cover | None = None
        if state.pin is not None:
            self.pin.render_state(state)
            wanted = self.pin
        elif state.is_asking:
            self._still_here.render_state(state)
            wanted = self._still_here
        elif state.is_notice_open:
            self._notice.render_state(state)
            wanted = self._notice
        if wanted is not self._covered:
            self._cover(wanted)

    def _cover(self, wanted: Cover | None) -> None:
        """Lay a cover over the page, or take it off and go back to where the visitor was."""
        if self._covered is None:
            self._before_cover = self.focusWidget()
        else:
            self._covered.hide()
        self._covered = wanted
        # What nobody may see below, nobody may hear either.
        is_hidden = wanted is not None and wanted.is_opaque
        self._stack.setHidden(is_hidden)
        if self._head is not None:
            self._head.setHidden(is_hidden or self._phase is KioskPhase.CLOSED)
        if wanted is not None:
            wanted.setGeometry(self.rect())
            wanted.show()
            wanted.raise_()
            wanted.take_focus()
        elif self._before_cover is not None and self._before_cover.isVisible():
            self._before_cover.setFocus()
        elif self.current_page is not None:
            self.current_page.take_focus()

    def _leave(self) -> None:
        if self._is_guarding:
            self.end()
            self.left.emit()
