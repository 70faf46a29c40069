"""The kiosk: a visitor signs up alone, and the next one finds nothing of it."""

from dataclasses import replace

from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.i18n import current_language
from stojnica.services.anonymous_counts import note_anonymous, tell_anonymous
from stojnica.services.capture import KIOSK, SavedContact, save_signup
from stojnica.services.changes import Change
from stojnica.services.kiosk_answers import KioskAnswers
from stojnica.services.kiosk_links import InterestLink, home_links, links_of
from stojnica.services.kiosk_options import KioskOptions
from stojnica.services.kiosk_state import (
    ENDED,
    STEPS,
    KioskLook,
    KioskPhase,
    KioskScene,
    KioskSettings,
    KioskState,
    drawn,
    look_for_kiosk,
    not_saved,
    why_not_open,
)
from stojnica.services.kiosk_visitor import KioskVisitor, consent_problems
from stojnica.services.kiosk_way import Place, backward, forward, place_asking, place_of
from stojnica.services.message import Message, failure_message
from stojnica.services.pin import PinAnswer
from stojnica.services.pin_gate import LEAVE, RESUME, PinGate
from stojnica.services.signup_choices import form_offer
from stojnica.services.stand import StandContext
from stojnica.services.tasks import known_error
from stojnica.services.view_model import LatestOnly

_READ_BACK = {"first_name", "email", "phone"}


class KioskViewModel(KioskAnswers):
    """Lead a visitor through three pages; left only with the PIN. UI thread alone."""

    def __init__(self, context: StandContext, settings: KioskSettings | None = None) -> None:
        super().__init__()
        self._context = context
        self._settings = settings or KioskSettings()
        self._looks = LatestOnly()
        self._look: KioskLook | None = None
        self._page = 0
        self._behind = KioskPhase.FORM
        self._why_closed: Message | None = None
        self._is_left = False
        self._is_saving = False
        self._pin = PinGate(context.clock)
        self._touched_at = 0

    def open(self) -> None:
        """Look at event and wordings, and show the first page; or say why that can't be."""
        self._is_left, self._why_closed = False, None
        self._pin.close()
        question = self._looks.ask()
        self._context.runner.when(
            self._context.store.read(look_for_kiosk),
            question.only(self._opened),
            question.only(self._not_opened),
        )

    def lose_focus(self) -> None:
        """Blank the screen until the PIN is given; what was typed waits out of sight, and not for long."""
        if self._phase not in (KioskPhase.CLOSED, KioskPhase.BLANK):
            self._behind, self._phase = self._phase, KioskPhase.BLANK
            self._ask_pin(RESUME)

    def ask_to_leave(self) -> None:
        """Ask the team for the PIN."""
        if self._phase not in (KioskPhase.CLOSED, KioskPhase.BLANK):
            self.touch()
            self._ask_pin(LEAVE)

    def cancel_pin(self) -> None:
        """Go back to the visitor; a blank screen stays blank."""
        if self._pin.reason == LEAVE:
            self._pin.close()
            self._draw()

    def enter_pin(self, pin: str) -> None:
        """Try the PIN."""
        if self._pin.reason:
            self._context.runner.when(self._context.pin.try_pin(pin), self._pin_answered, self._pin_failed)

    def speak(self, language: str) -> None:
        """Go on in another language; nothing that was typed is lost."""
        self.touch()
        self._visitor = replace(self._visitor.unspoken(), language=language, hints=())
        self._renew_offer()
        self._draw()

    def refuse_as_guardian(self) -> None:
        """Say kindly no: nobody who may agree is here, and nothing is kept."""
        if self._phase is KioskPhase.GUARDIAN:
            self._show_end(KioskPhase.REFUSED)

    def next(self) -> None:
        """Go on to the next page; from the last one that is `submit`."""
        self.touch()
        if self._offer is not None and self._phase in (KioskPhase.FORM, KioskPhase.GUARDIAN):
            place, self._visitor = forward(self._place, self._visitor, self._offer)
            self._go(place)
        elif self._phase is KioskPhase.CONSENT:
            self.submit()
        elif self._phase is KioskPhase.COUNTS:
            self._count_anonymously()
        elif self._phase in ENDED:
            self._restart()

    def back(self) -> None:
        """Go back a page; nothing is lost."""
        self.touch()
        if self._offer is not None and self._phase in STEPS and not self._is_saving:
            self._visitor = replace(self._visitor.unspoken(), late="")
            self._go(backward(self._place, self._visitor, self._offer))

    def correct(self) -> None:
        """Go back to where name and address were typed; what was ticked stays ticked."""
        self.touch()
        if self._offer is not None and self._phase is KioskPhase.CONSENT and not self._is_saving:
            self._visitor = replace(self._visitor.unspoken(), late="")
            self._go(place_asking(_READ_BACK, self._offer) or self._place)

    def stop(self) -> None:
        """Forget everything and begin anew."""
        if self._phase in (*STEPS, *ENDED) and not self._is_saving:
            self._restart()

    def submit(self) -> None:
        """Keep the sign-up; thanks are shown when it is on disk."""
        self.touch()
        if self._offer is None or self._is_saving or self._phase is not KioskPhase.CONSENT:
            return
        checked = self._visitor.check(self._offer)
        problems = consent_problems(checked, self._visitor.late)
        self._visitor = replace(self._visitor.unspoken(), problems=problems)
        if checked.signup is not None:
            self._keep(checked.signup)
        else:
            elsewhere = [item for item in problems if item.field != self._visitor.late]
            place = place_of(elsewhere, self._place, self._offer)
            self._phase, self._page = place.phase, place.page
        self._draw()

    def open_notice(self) -> None:
        """Show the whole information about the data."""
        self._show_notice(is_open=True)

    def close_notice(self) -> None:
        """Go back to the boxes."""
        self._show_notice(is_open=False)

    def touch(self) -> None:
        """Note that somebody is here: any key or tap."""
        self._touched_at = self._context.clock.monotonic_us()
        if self.state.is_asking:
            self._draw()

    def tick(self) -> None:
        """Ask after a minute whether somebody is here, and wipe half a minute later; call it every second."""
        if self._is_saving or self._phase is KioskPhase.CLOSED:
            return
        idle_s = self._idle_s()
        is_over = idle_s >= self._options.wipe_s
        if self._phase is KioskPhase.BLANK:
            if is_over:
                self._behind, self._page, self._visitor = KioskPhase.FORM, 0, KioskVisitor()
            self._draw()
        elif is_over or (self._phase in ENDED and idle_s >= self._end_s()):
            if not self._is_fresh() or self._pin.reason:
                self._restart()
        else:
            self._draw()

    def _opened(self, look: KioskLook) -> None:
        self._look, self._visitor = look, KioskVisitor()
        self._renew_offer()
        assert self._offer is not None
        self._why_closed = why_not_open(look, self._offer)
        self._phase, self._page = KioskPhase.CLOSED if self._why_closed else KioskPhase.FORM, 0
        self.touch()
        self._draw()

    def _not_opened(self, error: Exception) -> None:
        self._phase = KioskPhase.CLOSED
        self._why_closed = failure_message(error)
        self._draw()

    def _renewed(self, look: KioskLook) -> None:
        # A visitor who has begun keeps the wordings that were shown.
        if look.now.event is not None and self._is_fresh():
            self._look = look
            self._renew_offer()
            self._draw()

    def _pin_answered(self, answer: PinAnswer) -> None:
        reason = self._pin.reason
        if not answer.is_right:
            self._pin.refuse(answer)
        elif reason == LEAVE:
            self._leave()
        elif reason:
            self._phase = self._behind
            self._pin.close()
            self.touch()
        self._draw()

    def _leave(self) -> None:
        self._is_left, self._phase, self._visitor = True, KioskPhase.CLOSED, KioskVisitor()
        self._pin.close()
        event = self._look.now.event if self._look else None
        if event is not None:
            tell_anonymous(self._context.store, event.event_id, event.time_zone)

    def _pin_failed(self, error: Exception) -> None:
        known = known_error(error)
        if known is not None:
            self._pin.say(known.sentences())
            self._draw()

    def _keep(self, signup: SignUp) -> None:
        look, offer = self._look, self._offer
        assert look is not None
        assert look.now.event is not None
        assert offer is not None
        self._is_saving = True
        future = save_signup(
            self._context.store,
            signup,
            subject_id=self._visitor.draft.subject_id,
            event_id=look.now.event.event_id,
            channel=KIOSK,
            evidence=ConsentEvidence("screen", offer.language, offer.by_purpose),
        )
        self._context.runner.when(future, self._saved, self._not_saved)

    def _saved(self, _saved: SavedContact) -> None:
        self._is_saving = False
        self._show_end(KioskPhase.COUNTS if self._options.asks_counts else KioskPhase.THANKS)
        self._context.changes.tell(Change.CONTACTS)

    def _not_saved(self, error: Exception) -> None:
        self._is_saving = False
        self._draw()
        known = known_error(error)
        if known is not None:
            language = self._offer.language if self._offer else current_language()
            message = not_saved(language)
            self._visitor = replace(self._visitor, message=message, details=known.sentences())
            self._draw()

    def _failed(self, error: Exception) -> None:
        self._visitor = replace(self._visitor, message=failure_message(error))
        self._draw()

    @property
    def _place(self) -> Place:
        return Place(self._phase, self._page)

    def _go(self, place: Place) -> None:
        self._phase, self._page = place.phase, place.page
        self._draw()

    def _show_notice(self, *, is_open: bool) -> None:
        self.touch()
        if self._phase in STEPS:
            self._visitor = replace(self._visitor, is_notice_open=is_open)
            self._draw()

    def _show_end(self, phase: KioskPhase) -> None:
        links = self._links(is_saved=phase is not KioskPhase.REFUSED)
        self._visitor = replace(self._visitor.after(), links=links)
        if self._phase is KioskPhase.BLANK:
            self._behind = phase
        else:
            self._phase = phase
        self.touch()
        self._draw()

    def _count_anonymously(self) -> None:
        """Add to the numbers what was answered, and forget whose it was before thanks are shown."""
        visitor, event = self._visitor, self._look.now.event if self._look else None
        if event is not None and (visitor.gender or visitor.country):
            note_anonymous(
                self._context.store,
                event.event_id,
                event.time_zone,
                gender=visitor.gender,
                country=visitor.country,
            )
        self._visitor = replace(visitor, gender="", country="")
        self._phase = KioskPhase.THANKS
        self._draw()

    def _links(self, *, is_saved: bool) -> tuple[InterestLink, ...]:
        """Give what to read on, of what was chosen; who couldn't sign up takes the web form home."""
        if self._offer is None:
            return ()
        offer, event = self._offer, self._look.now.event if self._look else None
        if not is_saved and event is not None:
            return home_links(offer.document, event, offer.language)
        chosen = self._visitor.draft.form.interests if is_saved else ()
        return links_of(offer.document, chosen, offer.language, self._visitor.band(offer))

    def _restart(self) -> None:
        self._visitor, self._phase, self._page = KioskVisitor(), KioskPhase.FORM, 0
        self._pin.close()
        self._renew_offer()
        self.touch()
        self._draw()
        question = self._looks.ask()
        self._context.runner.when(
            self._context.store.read(look_for_kiosk),
            question.only(self._renewed),
            question.only(self._failed),
        )

    def _is_fresh(self) -> bool:
        return self._phase is KioskPhase.FORM and self._page == 0 and not self._visitor.has_begun

    def _renew_offer(self) -> None:
        if self._look is not None:
            language = self._visitor.language or self._settings.language or current_language()
            today = self._look.now.today(self._context.clock)
            self._offer = form_offer(self._look.now, today, language, self._options.audience)

    def _put(self, visitor: KioskVisitor) -> None:
        if not self._is_saving and self._phase in (*STEPS, KioskPhase.COUNTS):
            self.touch()
            self._visitor = visitor
            self._draw()

    def _ask_pin(self, reason: str) -> None:
        self._pin.ask(reason)
        self._draw()

    @property
    def _options(self) -> KioskOptions:
        return self._look.options if self._look else KioskOptions()

    def _end_s(self) -> int:
        """Say how long an end stays by itself: a phone needs a while to scan."""
        return self._settings.links_s if self._visitor.links else self._settings.thanks_s

    def _idle_s(self) -> int:
        return (self._context.clock.monotonic_us() - self._touched_at) // 1_000_000

    def _draw(self) -> None:
        if self._offer is None or self._phase is KioskPhase.CLOSED:
            self._set(KioskState(message=self._why_closed, is_left=self._is_left))
            return
        idle_s, seconds_left = self._idle_s(), None
        may_ask = self._phase in STEPS and not self._is_saving and not self._is_fresh()
        if may_ask and idle_s >= self._options.warn_s:
            seconds_left = max(0, self._options.wipe_s - idle_s)
        scene = KioskScene(
            phase=self._phase,
            page=self._page,
            visitor=self._visitor,
            offer=self._offer,
            is_saving=self._is_saving,
            seconds_left=seconds_left,
            pin=self._pin.shown(),
        )
        self._set(drawn(scene))
