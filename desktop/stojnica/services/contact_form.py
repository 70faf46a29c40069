"""The form of *New contact* while it is typed: what stands in it, what is asked, what is said about it."""

from typing import Any

from stojnica.domain.form import ORGANISATION
from stojnica.domain.likeness import ANSWERS, SAME
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.services.contact_defaults import EventDefaults, begun_anew, keep_event_defaults
from stojnica.services.contact_draft import CHOSEN_FIELDS, ContactDraft, without
from stojnica.services.contact_questions import ShownForm, shown_form
from stojnica.services.contact_state import (
    ContactLook,
    ContactState,
    PageHabits,
    form_parts,
    keep_habits,
    same_person_text,
    subtitle_of,
    unfinished_text,
)
from stojnica.services.contact_unfinished import Unfinished, may_be_kept, unfinished_keeper
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.same_person import SamePersonWatch
from stojnica.services.signup_choices import FormOffer, form_offer
from stojnica.services.stand import StandContext, StandNow
from stojnica.services.type_ahead import settled
from stojnica.services.view_model import ViewModel


class ContactFormViewModel(ViewModel[ContactState]):
    """Hold the form, its checks, and what is remembered about filling it in; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(ContactState())
        self._context = context
        self._same = SamePersonWatch(context, self._draw, self._failed)
        self._keeper = unfinished_keeper(context, self._failed)
        self._draft = ContactDraft()
        self._language = ""
        self._now: StandNow | None = None
        self._offer: FormOffer | None = None
        self._shown = ShownForm()
        self._defaults = EventDefaults()
        self._unfinished: Unfinished | None = None
        self._habits = PageHabits()
        self._is_first_look = True
        self._problems: tuple[Problem, ...] = ()
        self._hints: tuple[Hint, ...] = ()
        self._message: Message | None = None
        self._is_saving = False
        self._focus = "first_name"
        self._focus_number = 0

    # What is typed

    def type(self, name: str, text: str) -> None:
        """Put a text into a field; what was said about it goes."""
        form = self._offer.rules.form if self._offer else None
        self._change(name, self._draft.typed(name, text, form) if form else self._draft.typed(name, text))

    def choose_band(self, band: str) -> None:
        """Choose an age band; the same one again takes it back."""
        self.type("age_band", "" if band == self._draft.form.age_band else band)

    def choose(self, name: str, item: str, is_chosen: bool) -> None:
        """Choose one of several: interests, themes, boxes, or of a question of the form's own."""
        if name in CHOSEN_FIELDS or self._offer is None:
            self._change(name, self._draft.chosen(name, item, is_chosen=is_chosen))
        else:
            form = self._offer.rules.form
            self._change(name, self._draft.chosen(name, item, is_chosen=is_chosen, form=form))

    def toggle_interest(self, place: int) -> None:
        """Choose the interest of this number, or take it back, and let it be seen."""
        question = next((item for item in self._asked() if item.id == "interests"), None)
        if question is None or place >= len(question.choices):
            return
        if not self._habits.is_more_open and self._shown.is_below("interests"):
            self.open_more(True)
        choice = question.choices[place]
        self.choose("interests", choice.id, not choice.is_chosen)

    def agree_as_guardian(self, agrees: bool) -> None:
        """Keep that the guardian who is here has ticked for the child."""
        self._change("guardian_agrees", self._draft.agreed_by_guardian(agrees))

    def tick_box(self, purpose: str, is_ticked: bool) -> None:
        """Tick a box that the person agreed to after it was read aloud, or untick it."""
        self.choose("purposes", purpose, is_ticked)

    def choose_audience(self, audience: str) -> None:
        """Ask what a person or an organisation is asked; what was typed stays."""
        if audience == self._draft.audience or self._draft.known is not None:
            return
        self._draft = self._draft.of_audience(audience)
        self._problems, self._hints = (), ()
        self._renew_offer()
        self._go_to(self._first_field())

    def read_in(self, language: str) -> None:
        """Read the wordings aloud in another language."""
        self._language = language
        self._renew_offer()
        self._draw()

    def leave(self, name: str) -> None:
        """Check a field that was left with something in it, and look for the same person."""
        if self._offer is None:
            return
        self._settle(name)
        checked = self._draft.check(self._offer)
        problem, hint = checked.problem_at(name), checked.hint_at(name)
        self._problems = without(self._problems, name)
        self._hints = without(self._hints, name)
        if problem is not None and self._draft.text_at(name):
            self._problems = (*self._problems, problem)
        if hint is not None:
            self._hints = (*self._hints, hint)
        self._draw()
        if name in ("email", "phone") and self._now is not None and self._now.event is not None:
            self._same.compare(self._draft, self._now, self._offer.rules.region)

    def accept_hint(self, name: str) -> None:
        """Take what the hint at a field proposes."""
        hint = self.state.hint_at(name)
        if hint is not None and hint.proposal:
            self.type(name, hint.proposal)
            self.leave(name)

    def answer_same_person(self, answer: str) -> None:
        """Answer the warning; who is in at this event already isn't taken twice, and the form is emptied."""
        if answer not in ANSWERS:
            raise KeyError(answer)
        found = self._same.answer(answer)
        event = self._now.event if self._now else None
        is_of_this_event = found is not None and event is not None and found.event_id == event.event_id
        if answer == SAME and is_of_this_event and self._draft.known is None:
            self._begin()
        self._draw()

    # What is remembered

    def open_more(self, is_open: bool) -> None:
        """Open the fold or close it, from now on."""
        self._remember(PageHabits(is_open, self._habits.is_palette_open))

    def open_palette(self, is_open: bool) -> None:
        """Show the letters that a foreign keyboard lacks, or hide them, from now on."""
        self._remember(PageHabits(self._habits.is_more_open, is_open))

    def keep_defaults(self, town: str, organisation: str) -> None:
        """Begin each new form of this event with these; with nothing, with empty fields again."""
        event = self._now.event if self._now else None
        if event is None:
            return
        future = keep_event_defaults(self._context.store, event.event_id, town, organisation)
        self._context.runner.when(future, self._defaults_kept, self._failed)

    def continue_unfinished(self) -> None:
        """Go on with the contact that wasn't finished when the program ended."""
        if self._unfinished is None or self._is_saving:
            return
        if self._draft.is_touched:
            self._say(Message(Tone.WAIT, _("Save what is in the form first, or empty it.")))
            return
        found, self._unfinished = self._unfinished, None
        self._begin()
        blank = self._draft.blank
        self._draft = ContactDraft(found.subject_id, found.form, None, found.audience, blank)
        self._keeper.taken_up(found.subject_id)
        self._message = None
        self._renew_offer()
        self._go_to(self._first_field())

    def discard_unfinished(self) -> None:
        """Forget that contact for good."""
        if self._unfinished is not None:
            self._keeper.drop(self._unfinished.subject_id)
            self._unfinished = None
            self._draw()

    # Inside

    def _take_look(self, look: ContactLook) -> None:
        """Take in what the store said; what is typed stays."""
        self._now = look.now
        if self._is_first_look:
            self._is_first_look = False
            self._habits = look.habits
            if not self._draft.is_touched:
                self._unfinished = look.unfinished
        self._begin_with(look.defaults)
        self._renew_offer()

    def _begin_with(self, defaults: EventDefaults) -> None:
        self._defaults = defaults
        draft = self._draft
        # What is for all of a class says nothing about a slip that somebody filled in.
        if draft.known is None and not draft.form.slip_number and draft.blank != defaults.form:
            form = begun_anew(draft.form, draft.blank, defaults.form)
            self._draft = ContactDraft(draft.subject_id, form, None, draft.audience, defaults.form)

    def _defaults_kept(self, defaults: EventDefaults) -> None:
        self._begin_with(defaults)
        self._draw()

    def _remember(self, habits: PageHabits) -> None:
        if habits != self._habits:
            self._habits = habits
            self._context.runner.when(keep_habits(self._context.store, habits), _nothing, self._failed)
            self._draw()

    def _change(self, name: str, draft: ContactDraft) -> None:
        self._draft = draft
        self._keeper.typed()
        if name in ("email", "phone"):
            # What was said about the double was said about another address or number.
            self._same.likeness = None
        if self._offer is not None and not may_be_kept(draft, self._offer):
            # At once: an age that turns out too low must not stay on the disk for a second.
            self._keeper.forget_at_once(draft.subject_id)
        self._problems = without(self._problems, name)
        self._hints = without(self._hints, name)
        if self._message is not None and self._message.tone is Tone.GOOD:
            self._message = None
        self._draw()

    def _settle(self, name: str = "") -> None:
        """Complete what is known of a line that is done with, or of all lines: the town of a post code."""
        draft = self._draft
        for question in self._asked():
            # What a person once signed is not completed by whoever corrects something else.
            is_old = draft.known is not None and draft.blank.answer(question.id) == question.text
            value = settled(question, question.text)
            if value != question.text and not is_old and name in ("", question.id):
                self.type(question.id, value)

    def _asked(self) -> tuple[Any, ...]:
        return (*self._shown.front, *self._shown.more)

    def _first_field(self) -> str:
        return "organisation" if self._draft.audience == ORGANISATION else "first_name"

    def _renew_offer(self) -> None:
        if self._now is not None:
            language = self._language or current_language()
            today = self._now.today(self._context.clock)
            self._offer = form_offer(self._now, today, language, self._draft.audience)

    def _begin(self) -> None:
        form = self._defaults.form
        self._draft = ContactDraft(form=form, blank=form)
        self._language = ""
        self._renew_offer()
        self._problems, self._hints = (), ()
        self._same.forget()
        self._focus, self._focus_number = "first_name", self._focus_number + 1

    def _go_to(self, name: str) -> None:
        self._focus, self._focus_number = name, self._focus_number + 1
        if self._shown.is_below(name):
            self.open_more(True)
        self._draw()

    def _say(self, message: Message | None) -> None:
        self._message = message
        self._draw()

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._say(message)

    def _more_parts(self) -> dict[str, Any]:
        """Give what else the page shows; more of it comes from whoever keeps the list."""
        return {}

    def _draw(self) -> None:
        now, offer, now_us = self._now, self._offer, self._context.clock.now_us()
        if now is None or offer is None:
            self._set(ContactState(form=self._draft.form, message=self._message))
            return
        self._shown = shown_form(self._draft.form, offer)
        parts: dict[str, Any] = form_parts(self._draft, offer, self._shown) | self._more_parts()
        self._set(
            ContactState(
                is_loaded=True,
                subtitle=subtitle_of(now),
                operator=now.operator,
                can_save=bool(offer.wordings) and (now.event is not None or self._draft.known is not None),
                problems=self._problems,
                hints=self._hints,
                same_person=same_person_text(self._same.found, now.zone_name, now_us),
                unfinished=unfinished_text(self._unfinished, now.zone_name),
                defaults=self._defaults,
                habits=self._habits,
                is_saving=self._is_saving,
                message=self._message,
                focus=self._focus,
                focus_number=self._focus_number,
                **parts,
            )
        )


def _nothing(_answer: object) -> None:
    """Be content."""
