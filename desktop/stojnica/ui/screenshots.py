"""A picture of each screen in Slovene and English, taken from the real windows."""

from collections.abc import Callable
from pathlib import Path
from typing import Never

from PySide6.QtCore import QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from stojnica.i18n import STAFF_LANGUAGES, current_language, use_language
from stojnica.services.first_start import FirstStartState, FirstStartViewModel, Step
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.tasks import ImmediateRunner
from stojnica.services.unlock import UnlockViewModel
from stojnica.ui.stand_window import CONTACT, EVENTS, FLYERS, KIOSK, OFFICE, TODAY, StandModels, StandWindow

SIZE = QSize(1366, 768)
SETTLE_MS = 400
TURN_MS = 50
PATIENCE_TURNS = 100
WORDS = "ananas kladivo veter postelja okno"


def take_pictures(make_models: Callable[[], StandModels], folder: Path, practice_words: str = "") -> int:
    """Render every screen in both languages to `folder`; gives the number of pictures.

    `make_models` gives fresh view-models of the open stand, so that each language begins anew.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = current_language()
    number = 0
    try:
        for language in STAFF_LANGUAGES:
            use_language(language)
            camera = _Camera(folder, language)
            _picture_entrance(camera)
            _picture_stand(camera, make_models(), practice_words)
            number += camera.number
    finally:
        use_language(before)
    return number


class _Camera:
    """Show a widget at the size of a small laptop, let it settle, and keep its picture."""

    def __init__(self, folder: Path, language: str) -> None:
        self._folder = folder
        self._language = language
        self.number = 0

    def snap(self, widget: QWidget, name: str) -> None:
        widget.showNormal()
        widget.resize(SIZE)
        QTest.qWait(SETTLE_MS)
        self.number += 1
        widget.grab().save(str(self._folder / f"{name}-{self._language}.png"))


def _picture_entrance(camera: _Camera) -> None:
    from stojnica.ui.start.first_start_window import FirstStartWindow
    from stojnica.ui.start.unlock_window import UnlockWindow

    unlock = UnlockWindow(UnlockViewModel(ImmediateRunner(), _nobody, _nobody))
    camera.snap(unlock, "unlock")
    unlock.close()
    for step in Step:
        model = _PosedFirstStart(step)
        window = FirstStartWindow(model)
        camera.snap(window, f"first-start-{step}")
        window.close()


class _PosedFirstStart(FirstStartViewModel):
    def __init__(self, step: Step) -> None:
        super().__init__(ImmediateRunner(), _nobody, _nobody, current_language())
        self._set(FirstStartState(step=step, language=current_language(), passphrase=WORDS))


def _nobody(*_arguments: object) -> Never:
    raise AssertionError("nobody presses a button in a picture")


def _picture_stand(camera: _Camera, models: StandModels, practice_words: str) -> None:
    window = StandWindow(models, practice_words, _stay)
    for key in (TODAY, CONTACT, KIOSK, FLYERS, EVENTS, OFFICE):
        window.show(key)
        _wait(lambda: models.today.state.is_loaded and bool(models.status.state.clock))
        camera.snap(window.main, f"page-{key}")
    _picture_kiosk(camera, window)
    window.close()
    window.main.close()


def _wait(is_so: Callable[[], bool]) -> None:
    for _turn in range(PATIENCE_TURNS):
        if is_so():
            return
        QTest.qWait(TURN_MS)


def _picture_kiosk(camera: _Camera, window: StandWindow) -> None:
    kiosk = window.open_kiosk()
    model = window.models.kiosk
    kiosk.showNormal()
    kiosk.resize(SIZE)
    QTest.qWait(SETTLE_MS)
    for tile in model.state.tiles[::3]:
        model.choose_tile(tile.id)
    camera.snap(kiosk, "kiosk-1-interests")
    model.next()
    model.type("first_name", "Žiga")
    model.type("email", "ziga@example.org")
    model.choose_band(model.state.bands[2].id)
    camera.snap(kiosk, "kiosk-2-person")
    model.next()
    if model.state.phase is KioskPhase.CONSENT and model.state.consents:
        model.tick_box(model.state.consents[0].purpose, True)
    camera.snap(kiosk, "kiosk-3-consent")
    model.ask_to_leave()
    camera.snap(kiosk, "kiosk-pin")
    model.cancel_pin()
    model.stop()
    kiosk.forget()
    kiosk.close()


def _stay() -> None:
    """Do nothing when a posed window is closed."""
