"""The page *New contact*: typed by a volunteer, with the keyboard alone; nothing is lost on the way."""

from functools import partial
from typing import Any
from uuid import UUID

from stojnica.domain.contact import check_email, check_phone
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.records.contact_queries import (
    Contact,
    ContactLine,
    SamePerson,
    contact,
    same_person,
)
from stojnica.services.capture import (
    TYPED,
    SavedContact,
    correct_signup,
    save_signup,
    unknown_contact,
    void_signup,
    withdraw_consent,
)
from stojnica.services.changes import Change
from stojnica.services.contact_draft import (
    ContactDraft,
    draft_of,
    first_in_order,
    without,
)
from stojnica.services.contact_rows import contact_rows, without_names
from stojnica.services.contact_state import (
    AT_THEIR_WISH,
    ContactLook,
    ContactState,
    form_parts,
    look_at_contacts,
    same_person_text,
    subtitle_of,
    void_reasons,
)
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.names_shown import NamesOnDemand
from stojnica.services.signup_choices import FormOffer, form_offer, no_wordings
from stojnica.services.stand import StandContext, StandNow, choose_operator
from stojnica.services.today import choose_event_first
from stojnica.services.view_model import LatestOnly, ViewModel

_CONCERNED = frozenset({Change.CONTACTS, Change.EVENTS, Change.ORGANISATION, Change.TEAM})


class ContactViewModel(ViewModel[ContactState]):
    """Take a contact in, correct and void the last ones; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(ContactState())
        self._context = context
        self._looks = LatestOnly()
        self._comparisons = LatestOnly()
        self._names = NamesOnDemand(context, self.refresh, self._say)
        self._draft = ContactDraft()
        self._language = ""
        self._now: StandNow | None = None
        self._offer: FormOffer | None = None
        self._lines: tuple[ContactLine, ...] = ()
        self._same: SamePerson | None = None
        self._problems: tuple[Problem, ...] = ()
        self._hints: tuple[Hint, ...] = ()
        self._message: Message | None = None
        self._is_saving = False
        self._focus = "first_name"
        self._focus_number = 0
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again at the event, the wordings and the last contacts; what is typed stays."""
        with_names = self._names.seconds_left > 0
        question = self._looks.ask()
        self._context.runner.when(
            self._context.store.read(partial(look_at_contacts, with_names=with_names)),
            question.only(self._show),
            question.only(self._failed),
        )

    def tick(self) -> None:
        """Take names off when their time is over; call it every second."""
        if self.state.are_names_shown and self._names.seconds_left == 0:
            self.hide_names()
        elif self.state.are_names_shown:
            self._draw()

    # What is typed

    def type(self, name: str, text: str) -> None:
        """Put a text into a field; what was said about it goes."""
        self._draft = self._draft.typed(name, text)
        self._forget_about(name)

    def choose_band(self, band: str) -> None:
        """Choose an age band; the same one again takes it back."""
        self.type("age_band", "" if band == self._draft.form.age_band else band)

    def choose(self, name: str, item: str, is_chosen: bool) -> None:
        """Choose one of the interests or themes, or take it back."""
        self._draft = self._draft.chosen(name, item, is_chosen=is_chosen)
        self._forget_about(name)

    def tick_box(self, purpose: str, is_ticked: bool) -> None:
        """Tick a box that the person agreed to after it was read aloud, or untick it."""
        self.choose("purposes", purpose, is_ticked)

    def read_in(self, language: str) -> None:
        """Read the wordings aloud in another language."""
        self._language = language
        self._renew_offer()
        self._draw()

    def leave(self, name: str) -> None:
        """Check a field that was left with something in it, and look for the same person."""
        if self._offer is None:
            return
        checked = self._draft.check(self._offer)
        problem, hint = checked.problem_at(name), checked.hint_at(name)
        self._problems = without(self._problems, name)
        self._hints = without(self._hints, name)
        if problem is not None and getattr(self._draft.form, name):
            self._problems = (*self._problems, problem)
        if hint is not None:
            self._hints = (*self._hints, hint)
        self._draw()
        if name in ("email", "phone"):
            self._compare()

    def accept_hint(self, name: str) -> None:
        """Take what the hint at a field proposes."""
        hint = self.state.hint_at(name)
        if hint is not None and hint.proposal:
            self.type(name, hint.proposal)
            self.leave(name)

    def answer_same_person(self, answer: str) -> None:
        """Answer the warning: "same" empties the form, "other" and "unknown" only take the warning off."""
        self._comparisons.forget()
        self._same = None
        if answer == "same" and self._draft.known is None:
            self._begin()
        self._draw()

    # Keeping it

    def save(self) -> None:
        """Keep the contact, or say at the fields what is missing; the next form opens when it is on disk."""
        now, offer = self._now, self._offer
        if self._is_saving or now is None or offer is None:
            return
        if now.event is None and self._draft.known is None:
            self._say(choose_event_first())
            return
        if not offer.wordings:
            self._say(no_wordings())
            return
        checked = self._draft.check(offer)
        self._problems, self._hints = checked.problems, checked.hints
        if checked.signup is None:
            self._go_to(first_in_order(checked.problems))
            return
        self._is_saving = True
        self._draw()
        self._keep(checked.signup, now, offer)

    def clear(self) -> None:
        """Empty the form, or end a correction without keeping it."""
        if not self._is_saving:
            self._message = None
            self._begin()
            self._draw()

    def correct(self, subject_id: UUID) -> None:
        """Load a contact into the form; what was being typed there is given up."""
        if self._is_saving or self._now is None:
            return
        branch_id = self._now.branch_id
        self._context.runner.when(
            self._context.store.read(lambda c: contact(c, branch_id, subject_id)), self._load, self._failed
        )

    def void(self, subject_id: UUID, reason: str) -> None:
        """Take a contact out of all lists and numbers; at the person's wish its consents go too."""
        if reason not in dict(void_reasons()):
            self._say(Message(Tone.WAIT, _("Choose why this contact is voided.")))
            return
        future = void_signup(
            self._context.store,
            subject_id,
            reason,
            withdraws=reason == AT_THEIR_WISH,
            operator=self._operator,
        )
        self._context.runner.when(future, partial(self._voided, subject_id), self._failed)

    def void_reasons(self) -> tuple[tuple[str, str], ...]:
        """Give the reasons for voiding a contact."""
        return void_reasons()

    def withdraw_all(self) -> None:
        """Take back all consents of the contact that is being corrected, at once."""
        known = self._draft.known
        if known is None or self._is_saving:
            return
        granted = [item.purpose for item in known.consents if item.is_granted]
        self._is_saving = True
        self._draw()
        future = withdraw_consent(self._context.store, known.subject_id, granted, operator=self._operator)
        self._context.runner.when(future, self._withdrawn, self._failed)

    def choose_operator(self, name: str) -> None:
        """Remember who is typing."""
        self._context.runner.when(
            choose_operator(self._context.store, name), self._operator_kept, self._failed
        )

    def show_names(self, pin: str) -> None:
        """Show names for ten seconds when the PIN is right."""
        self._names.ask(pin)

    def hold_names(self) -> None:
        """Show names while a key is held, at most ten seconds."""
        self._names.hold()

    def hide_names(self) -> None:
        """Show initials again, at once; an answer with names that is still out is not shown."""
        self._names.hide()
        self._looks.forget()
        self._lines = without_names(self._lines)
        self._draw()

    def forget_message(self) -> None:
        """Take the message off."""
        self._say(None)

    # Answers

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()

    def _show(self, look: ContactLook) -> None:
        self._now = look.now
        self._lines = look.lines if self._names.seconds_left else without_names(look.lines)
        self._renew_offer()
        self._draw()

    def _compare(self) -> None:
        now, form = self._now, self._draft.form
        if now is None or now.event is None or self._offer is None:
            return
        email = check_email(form.email).value or ""
        phone = check_phone(form.phone, self._offer.rules.region).value or ""
        find = partial(
            same_person,
            branch_id=now.branch_id,
            event_id=now.event.event_id,
            email=email,
            phone=phone,
            besides=self._draft.subject_id,
        )
        question = self._comparisons.ask()
        self._context.runner.when(
            self._context.store.read(find), question.only(self._compared), question.only(self._failed)
        )

    def _compared(self, found: SamePerson | None) -> None:
        self._same = found
        self._draw()

    def _keep(self, signup: SignUp, now: StandNow, offer: FormOffer) -> None:
        store, draft = self._context.store, self._draft
        evidence = ConsentEvidence("read_aloud", offer.language, offer.by_purpose)
        if draft.known is not None:
            future = correct_signup(store, draft.subject_id, signup, evidence=evidence, operator=now.operator)
        else:
            assert now.event is not None
            future = save_signup(
                store,
                signup,
                subject_id=draft.subject_id,
                event_id=now.event.event_id,
                channel=TYPED,
                evidence=evidence,
                operator=now.operator,
            )
        self._context.runner.when(future, self._saved, self._not_saved)

    def _saved(self, saved: SavedContact) -> None:
        text = _("Corrected: {initials}") if self._draft.known else _("Saved: {initials}")
        self._done(text.format(initials=saved.initials))

    def _withdrawn(self, _nothing: None) -> None:
        self._done(_("All consents were taken back. Nobody writes or calls any more."))

    def _done(self, text: str) -> None:
        self._is_saving = False
        self._message = Message(Tone.GOOD, text)
        self._begin()
        self._draw()
        self._context.changes.tell(Change.CONTACTS)

    def _not_saved(self, error: Exception) -> None:
        self._is_saving = False
        self._draw()
        self._failed(error)

    def _voided(self, subject_id: UUID, _nothing: None) -> None:
        self._message = Message(Tone.GOOD, _("The contact was voided."))
        if self._draft.known is not None and self._draft.subject_id == subject_id:
            self._begin()
        self._draw()
        self._context.changes.tell(Change.CONTACTS)

    def _load(self, known: Contact | None) -> None:
        if self._is_saving or self._offer is None:
            return
        if known is None or known.is_voided:
            self._say(message_of(unknown_contact()))
            return
        self._begin()
        self._message = None
        self._draft = draft_of(known, self._offer)
        self._draw()

    def _operator_kept(self, _name: str) -> None:
        self._context.changes.tell(Change.EVENTS)

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._say(message)

    @property
    def _operator(self) -> str:
        return self._now.operator if self._now else ""

    def _renew_offer(self) -> None:
        if self._now is not None:
            language = self._language or current_language()
            self._offer = form_offer(self._now, self._now.today(self._context.clock), language)

    def _begin(self) -> None:
        self._draft = ContactDraft()
        self._language = ""
        self._renew_offer()
        self._problems, self._hints, self._same = (), (), None
        self._comparisons.forget()
        self._focus, self._focus_number = "first_name", self._focus_number + 1

    def _forget_about(self, name: str) -> None:
        self._problems = without(self._problems, name)
        self._hints = without(self._hints, name)
        if self._message is not None and self._message.tone is Tone.GOOD:
            self._message = None
        self._draw()

    def _go_to(self, name: str) -> None:
        self._focus, self._focus_number = name, self._focus_number + 1
        self._draw()

    def _say(self, message: Message | None) -> None:
        self._message = message
        self._draw()

    def _draw(self) -> None:
        now, offer, now_us = self._now, self._offer, self._context.clock.now_us()
        if now is None or offer is None:
            self._set(ContactState(form=self._draft.form, message=self._message))
            return
        parts: dict[str, Any] = form_parts(self._draft, offer)
        seconds_left = self._names.seconds_left
        self._set(
            ContactState(
                is_loaded=True,
                subtitle=subtitle_of(now),
                operator=now.operator,
                can_save=bool(offer.wordings) and (now.event is not None or self._draft.known is not None),
                problems=self._problems,
                hints=self._hints,
                same_person=same_person_text(self._same, now.zone_name, now_us),
                contacts=contact_rows(self._lines, now.zone_name, now_us),
                are_names_shown=seconds_left > 0,
                seconds_left=seconds_left,
                is_saving=self._is_saving,
                message=self._message,
                focus=self._focus,
                focus_number=self._focus_number,
                **parts,
            )
        )
