"""A picture of each screen in Slovene and English, taken from the real windows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Never, Protocol

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from stojnica.domain.form import ORGANISATION
from stojnica.i18n import STAFF_LANGUAGES, current_language, use_language
from stojnica.services.first_start import FirstStartState, FirstStartViewModel, Step
from stojnica.services.recover_page import RecoverState, RecoverStep, RecoverViewModel
from stojnica.services.tasks import ImmediateRunner
from stojnica.services.unlock import UnlockViewModel
from stojnica.ui import patience
from stojnica.ui.posed import KioskThatKeepsNothing, PosedSend, PosedStatus
from stojnica.ui.stand_models import StandModels
from stojnica.ui.stand_window import (
    ANSWERS,
    CONTACT,
    EVENTS,
    FLYERS,
    GROUP,
    KIOSK,
    OFFICE,
    PREFLIGHT,
    SETTINGS,
    SLIPS,
    TEAM,
    TODAY,
    StandWindow,
)

SIZE = QSize(1366, 768)
# Longer than a frame of any animation: two pictures that are equal mean rest.
TURN_MS = 20
PATIENCE_S = 15
WORDS = "ananas kladivo veter postelja okno"


def take_pictures(
    make_models: Callable[[], StandModels],
    folder: Path,
    practice_words: Callable[[], str] = str,
    languages: Sequence[str] = STAFF_LANGUAGES,
) -> int:
    """Render every screen in each language to `folder`; gives the number of pictures.

    `make_models` gives fresh view-models of the open stand, so that each language begins anew, and
    `practice_words` what stands above the pages, in the language of the moment. Nothing is
    saved at the stand: what a screen looks like after saving or sending is posed.

    Raises:
        TimeoutError: a screen didn't come to rest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = current_language()
    number = 0
    try:
        for language in languages:
            use_language(language)
            camera = _Camera(folder, language)
            show_screens(camera, make_models, practice_words)
            number += camera.number
    finally:
        use_language(before)
    return number


class Camera(Protocol):
    """Whoever looks at each screen in turn."""

    def snap(self, widget: QWidget, name: str, *, at_size: QSize | None = SIZE) -> None:
        """Look at a window; without a size it has its own."""


def show_screens(
    camera: Camera, make_models: Callable[[], StandModels], practice_words: Callable[[], str] = str
) -> None:
    """Pose every screen for a camera, in the language of the moment."""
    _picture_entrance(camera)
    _picture_stand(camera, make_models(), practice_words())
    _picture_office(camera, make_models(), practice_words())
    _picture_kiosk(camera, make_models())


class _Camera:
    """Show a widget at the size of a small laptop, let it come to rest, and keep its picture."""

    def __init__(self, folder: Path, language: str) -> None:
        self._folder = folder
        self._language = language
        self.number = 0

    def snap(self, widget: QWidget, name: str, *, at_size: QSize | None = SIZE) -> None:
        widget.showNormal()
        if at_size is not None:
            widget.resize(at_size)
        seen = QImage()

        def is_at_rest() -> bool:
            nonlocal seen
            before, seen = seen, widget.grab().toImage()
            return before == seen

        wait_until(is_at_rest)
        self.number += 1
        seen.save(str(self._folder / f"{name}-{self._language}.png"))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Let Qt work until something is so.

    Raises:
        TimeoutError: it isn't after 15 seconds.
    """
    if not patience.wait_until(is_so, PATIENCE_S, TURN_MS):
        raise TimeoutError("a screen didn't come to rest")


def discard(window: QWidget) -> None:
    """Close a window for good, with its timers."""
    window.close()
    window.deleteLater()


def _picture_entrance(camera: Camera) -> None:
    from stojnica.ui.start.first_start_window import FirstStartWindow
    from stojnica.ui.start.recover_window import RecoverWindow
    from stojnica.ui.start.unlock_window import UnlockWindow

    unlock = UnlockWindow(UnlockViewModel(ImmediateRunner(), _nobody, _nobody))
    camera.snap(unlock, "unlock")
    discard(unlock)
    for way_in in RecoverStep:
        recover = RecoverWindow(_PosedRecovery(way_in))
        camera.snap(recover, f"recover-{way_in}")
        discard(recover)
    for step in Step:
        window = FirstStartWindow(_PosedFirstStart(step))
        camera.snap(window, f"first-start-{step}")
        discard(window)


class _PosedFirstStart(FirstStartViewModel):
    def __init__(self, step: Step) -> None:
        super().__init__(ImmediateRunner(), _nobody, _nobody, current_language(), restore=_nobody)
        copy_name = "Stojnica" if step in (Step.COPY, Step.COPY_WORDS) else ""
        self._set(
            FirstStartState(step=step, language=current_language(), passphrase=WORDS, copy_name=copy_name)
        )


class _PosedRecovery(RecoverViewModel[Never]):
    def __init__(self, step: RecoverStep) -> None:
        super().__init__(ImmediateRunner(), _nobody, _nobody, _nobody)
        self._set(RecoverState(step=step, words=WORDS if step is RecoverStep.WORDS else ""))


def _nobody(*_arguments: object) -> Never:
    raise AssertionError("nobody presses a button in a picture")


def _picture_stand(camera: Camera, models: StandModels, practice_words: str) -> None:
    window = StandWindow(models, practice_words, _stay)
    is_loaded: dict[str, Callable[[], bool]] = {
        TODAY: lambda: models.today.state.is_loaded,
        CONTACT: lambda: models.contact.state.is_loaded,
        KIOSK: lambda: True,
        ANSWERS: lambda: models.answers.state.is_loaded,
        FLYERS: lambda: models.flyers.state.is_ready and not models.flyers.state.is_working,
        EVENTS: lambda: models.events.state.is_loaded,
        PREFLIGHT: lambda: models.preflight.state.is_loaded,
        TEAM: lambda: models.team.people.state.is_loaded,
        OFFICE: lambda: bool(models.send.state.subtitle),
        SETTINGS: lambda: True,
    }
    for key, is_ready in is_loaded.items():
        window.show(key)
        wait_until(is_ready)
        wait_until(lambda: bool(models.status.state.clock))
        camera.snap(window.main, f"page-{key}")
    _picture_team(camera, window)
    _picture_new_event(camera, window)
    _picture_form(camera, window)
    _picture_group(camera, window)
    _picture_slips(camera, window)
    _picture_dialogs(camera, window)
    window.close()
    discard(window.main)


def _picture_team(camera: Camera, window: StandWindow) -> None:
    from stojnica.ui.pages.team_page import AFTER, HANDOVER, LISTS, PAPERS, TeamPage

    window.show(TEAM)
    page = window.main.page(TEAM)
    assert isinstance(page, TeamPage)
    for part in (LISTS, HANDOVER, AFTER):
        page.show_part(part)
        camera.snap(window.main, f"page-team-{part}")
    page.show_part(PAPERS)
    papers = window.models.team.papers
    for kind in ("event_sheet", "attendance"):
        papers.choose(kind)
        wait_until(lambda: not papers.state.is_working)
        camera.snap(window.main, f"page-team-{kind}")
    page.show_part(LISTS)
    window.models.team.lists.edit(True)
    camera.snap(window.main, "page-team-lists-edited")
    window.models.team.lists.edit(False)


def _picture_new_event(camera: Camera, window: StandWindow) -> None:
    model = window.models.events
    window.show(EVENTS)
    wait_until(lambda: model.state.is_loaded)
    model.add()
    camera.snap(window.main, "page-events-form")
    model.cancel()


def _picture_form(camera: Camera, window: StandWindow) -> None:
    """Show a form half filled in, with a slip of the pen and somebody who may be here already."""
    model = window.models.contact
    window.show(CONTACT)
    model.save()
    camera.snap(window.main, "page-contact-missing")
    model.clear()
    texts = {"first_name": "Tjaša", "last_name": "Žnidaršič", "email": "tjasa.znidarsic@gmial.com"}
    for name, text in (texts | {"phone": "031 345 095", "town": "1000 Ljubljana"}).items():
        model.type(name, text)
    for band in model.state.bands[2:3]:
        model.choose_band(band.id)
    for box in model.state.consents[:1]:
        model.tick_box(box.purpose, True)
    model.leave("email")
    model.leave("phone")
    camera.snap(window.main, "page-contact-filled")
    model.choose_band(model.state.bands[0].id)
    camera.snap(window.main, "page-contact-guardian")
    model.clear()
    model.choose_audience(ORGANISATION)
    camera.snap(window.main, "page-contact-organisation")
    model.clear()


def _picture_group(camera: Camera, window: StandWindow) -> None:
    """Show a class that is being typed in, and the cards for its pupils."""
    from stojnica.ui.pages.take_home_dialog import TakeHomeDialog

    model = window.models.group
    window.show(GROUP)
    wait_until(lambda: model.state.is_loaded)
    texts = {"school": "OŠ Bežigrad", "pupils": "24", "town": "1000 Ljubljana"}
    for name, text in (texts | {"first_name": "Mojca", "last_name": "Kovač"}).items():
        model.type(name, text)
    for band in model.state.bands[:1]:
        model.choose_band(band.id)
    camera.snap(window.main, "page-group")
    model.begin_cards()
    dialog = TakeHomeDialog(window.main, model.cards, "")
    dialog.open()
    wait_until(lambda: not model.cards.state.is_drawing and model.cards.state.is_loaded)
    camera.snap(dialog, "dialog-take-home", at_size=None)
    dialog.close()
    model.clear()


def _picture_slips(camera: Camera, window: StandWindow) -> None:
    """Show the pile beside the laptop, and the sheet before it is printed."""
    from stojnica.ui.pages.slips_page import ENTER, PRINT, SHEET, SlipsPage

    models = window.models
    chosen = [line.event_id for line in models.events.state.events if line.is_chosen]
    for event_id in chosen[:1]:
        window.open_slips(event_id)
        page = window.main.page(SLIPS)
        assert isinstance(page, SlipsPage)
        wait_until(lambda: models.slip_entry.state.is_loaded and models.slip_print.state.can_print)
        for part in (ENTER, PRINT, SHEET):
            page.show_part(part)
            camera.snap(window.main, f"page-slips-{part}")


def _picture_dialogs(camera: Camera, window: StandWindow) -> None:
    from stojnica.ui.posed_dialogs import posed_dialogs

    for name, dialog in posed_dialogs(window):
        dialog.open()
        camera.snap(dialog, name, at_size=None)
        dialog.close()


def _picture_office(camera: Camera, models: StandModels, practice_words: str) -> None:
    from stojnica.ui.controls.progress_panel import ProgressPanel

    model = PosedSend(models.context)
    status = PosedStatus(models.context, model)
    window = StandWindow(replace(models, send=model, status=status), practice_words, _stay)
    window.show(OFFICE)
    panel = window.main.findChild(ProgressPanel)
    assert isinstance(panel, ProgressPanel)
    poses = (
        ("sending", model.pose_half_way, "wait"),
        ("failed", model.pose_failed, "wait"),
        ("sent", model.pose_sent, "good"),
    )
    for name, pose, tone in poses:
        pose()
        status.refresh()
        wait_until(lambda: panel.isVisible() == model.state.is_busy)
        wait_until(partial(_has_tone, status, tone))
        camera.snap(window.main, f"office-{name}")
    window.close()
    discard(window.main)


def _has_tone(status: PosedStatus, tone: str) -> bool:
    return status.state.tone == tone


def _picture_kiosk(camera: Camera, models: StandModels) -> None:
    model = KioskThatKeepsNothing(models.context)
    window = StandWindow(replace(models, kiosk=model), "", _stay)
    kiosk = window.open_kiosk()
    wait_until(lambda: bool(model.state.questions))
    for option in model.state.questions[0].options[::3]:
        model.choose("interests", option.id)
    camera.snap(kiosk, "kiosk-1-interests")
    model.next()
    _picture_person(camera, kiosk, model)
    model.next()
    model.tick_box(model.state.consents[0].purpose, True)
    camera.snap(kiosk, "kiosk-3-consent")
    ways = (
        ("notice", model.open_notice, model.close_notice),
        ("still-here", model.pose_a_minute_later, model.touch),
        ("pin", model.ask_to_leave, model.cancel_pin),
        ("thanks", model.submit, model.next),
        ("counts", model.pose_counts, model.stop),
        ("guardian", model.pose_too_young, _stay),
        ("refused", model.pose_nobody_here, model.next),
        ("blank", model.pose_blank, _stay),
    )
    for name, enter, leave in ways:
        enter()
        camera.snap(kiosk, f"kiosk-{name}")
        leave()
    window.close()
    discard(window.main)
    discard(kiosk)


def _picture_person(camera: Camera, kiosk: QWidget, model: KioskThatKeepsNothing) -> None:
    model.next()
    camera.snap(kiosk, "kiosk-2-missing")
    model.type("first_name", "Žiga")
    model.type("email", "ziga@gmial.com")
    model.leave("email")
    ages = model.state.question("age_band")
    assert ages is not None
    model.choose("age_band", ages.options[2].id)
    camera.snap(kiosk, "kiosk-2-person")
    model.accept_hint("email")


def _stay() -> None:
    """Do nothing when a posed window is closed."""
