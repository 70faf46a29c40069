"""The page *New contact*: typed by a volunteer, with the keyboard alone; nothing is lost on the way."""

from functools import partial
from typing import Any
from uuid import UUID

from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.signup import SignUp
from stojnica.i18n import gettext as _
from stojnica.records.contact_queries import Contact, ContactLine, contact
from stojnica.services.about_view import AboutViewModel
from stojnica.services.capture import SavedContact, unknown_contact, void_signup, withdraw_consent
from stojnica.services.changes import Change
from stojnica.services.contact_draft import draft_of, first_in_order
from stojnica.services.contact_form import ContactFormViewModel
from stojnica.services.contact_keeping import keep_contact
from stojnica.services.contact_rows import contact_rows, without_names
from stojnica.services.contact_search import ContactSearchViewModel
from stojnica.services.contact_state import (
    AT_THEIR_WISH,
    ContactLook,
    look_at_contacts,
    void_hint,
    void_reasons,
)
from stojnica.services.contact_unfinished import may_be_kept
from stojnica.services.message import Message, Tone, message_of
from stojnica.services.names_shown import NamesOnDemand
from stojnica.services.signup_choices import FormOffer, no_wordings
from stojnica.services.stand import StandContext, StandNow, choose_operator
from stojnica.services.take_home_page import TakeHomeViewModel
from stojnica.services.today import choose_event_first
from stojnica.services.view_model import LatestOnly
from stojnica.services.withdrawing import withdraw_contact

_CONCERNED = frozenset({Change.CONTACTS, Change.EVENTS, Change.ORGANISATION, Change.TEAM})


class ContactViewModel(ContactFormViewModel):
    """Take a contact in, find, correct and void those that are in; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(context)
        self._looks = LatestOnly()
        self._names = NamesOnDemand(context, self._look_with_names, self._say)
        self._lines: tuple[ContactLine, ...] = ()
        self.about = AboutViewModel(context, self._say, self._erased)
        self.cards = TakeHomeViewModel(context)
        self.search = ContactSearchViewModel(context, self._may_show_names, self._failed)
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again at the event, the wordings and the last contacts; what is typed stays."""
        look = partial(
            look_at_contacts,
            now_us=self._context.clock.now_us(),
            with_names=self._may_show_names(),
        )
        question = self._looks.ask()
        self._context.runner.when(
            self._context.store.read(look), question.only(self._show), question.only(self._failed)
        )

    @property
    def is_unkept(self) -> bool:
        """Tell whether a lock loses a form: it isn't known yet that the visitor is old enough."""
        draft, offer = self._draft, self._offer
        if offer is None or draft.known is not None or not draft.is_touched:
            return False
        return not may_be_kept(draft, offer)

    def put_by(self) -> None:
        """Keep what is half typed at once, because the laptop is about to be locked; names go, too."""
        if self._offer is not None and not self._is_saving:
            self._keeper.keep_now(self._draft, self._offer)
        if self.state.are_names_shown:
            self.hide_names()

    def tick(self) -> None:
        """Take names off when their time is over, and keep what is typed; call it every second."""
        if self._offer is not None and not self._is_saving:
            self._keeper.tick(self._draft, self._offer)
        if self.state.are_names_shown and self._names.seconds_left == 0:
            self.hide_names()
        elif self.state.are_names_shown:
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
        self._settle()
        checked = self._draft.check(offer)
        self._problems, self._hints = checked.problems, checked.hints
        if checked.signup is None:
            self._go_to(first_in_order(checked.problems, self._shown.order))
            return
        self._is_saving = True
        self._draw()
        self._keep(checked.signup, now, offer)

    def clear(self) -> None:
        """Empty the form, or end a correction without keeping it."""
        if not self._is_saving:
            self._message = None
            self._keeper.forget(self._draft.subject_id)
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

    def void_hint(self, reason: str) -> str:
        """Say what a reason leaves undone, or nothing."""
        return void_hint(reason)

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
        self.search.hide_names()
        self._draw()

    def show_about(self, pin: str = "") -> None:
        """Show the person who is being corrected what is kept; without the PIN when it was just given."""
        known = self._draft.known
        if known is None:
            return
        if self._names.is_pin_given:
            self.about.show(known.subject_id)
        else:
            self.about.ask(known.subject_id, pin)

    @property
    def home_country(self) -> str:
        """Give the country whose numbers are written without its code in front."""
        return self._now.shown.document.organisation.country if self._now else ""

    def take_back(self, keys: ContactKeys) -> None:
        """Take all consents back that were given with an address or a number, here and on other laptops."""
        taking = withdraw_contact(self._context.store, keys, operator=self.state.operator)
        self._context.runner.when(taking, self._taken_back, self._failed)

    def begin_card(self) -> None:
        """Make a card to take home, for a child without a guardian here: of the child nothing is kept."""
        self.cards.begin(1, self._draft.form.age_band)

    def forget_message(self) -> None:
        """Take the message off."""
        self._say(None)

    # Answers

    def _taken_back(self, _nothing: None) -> None:
        text = _("Taken back. It holds for everybody who signed up with it, also on other laptops.")
        self._say(Message(Tone.GOOD, text))
        self._context.changes.tell(Change.CONTACTS, Change.DELIVERY)

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()
            self.search.refresh()

    def _look_with_names(self) -> None:
        self.refresh()
        self.search.refresh()

    def _may_show_names(self) -> bool:
        return self._names.seconds_left > 0

    def _show(self, look: ContactLook) -> None:
        self._lines = look.lines if self._may_show_names() else without_names(look.lines)
        self._take_look(look)
        self._draw()

    def _keep(self, signup: SignUp, now: StandNow, offer: FormOffer) -> None:
        likeness = self._same.likeness
        future = keep_contact(self._context.store, self._draft, signup, now, offer, likeness)
        self._context.runner.when(future, self._saved, self._not_saved)

    def _saved(self, saved: SavedContact) -> None:
        # A form that was being kept when it was saved may have reached the disk after it.
        self._keeper.forget(self._draft.subject_id)
        text = _("Corrected: {initials}") if self._draft.known else _("Saved: {initials}")
        self._done(text.format(initials=saved.initials))

    def _withdrawn(self, _nothing: None) -> None:
        self._done(_("All consents were taken back. Nobody writes or calls any more."))

    def _done(self, text: str) -> None:
        self._is_saving = False
        self._message = Message(Tone.GOOD, text)
        self._begin()
        self.search.clear()
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

    def _erased(self, subject_id: UUID) -> None:
        if self._draft.subject_id == subject_id:
            self._begin()
        self.search.clear()
        self._draw()

    def _load(self, known: Contact | None) -> None:
        if self._is_saving or self._now is None:
            return
        if known is None or known.is_voided:
            self._say(message_of(unknown_contact()))
            return
        self._keeper.forget(self._draft.subject_id)
        self._begin()
        self._message = None
        self._draft = self._draft.of_audience(known.audience or self._draft.audience)
        self._renew_offer()
        if self._offer is not None:
            self._draft = draft_of(known, self._offer)
        self._draw()

    def _operator_kept(self, _name: str) -> None:
        self._context.changes.tell(Change.EVENTS)

    @property
    def _operator(self) -> str:
        return self._now.operator if self._now else ""

    def _more_parts(self) -> dict[str, Any]:
        now, seconds_left = self._now, self._names.seconds_left
        assert now is not None
        return {
            "contacts": contact_rows(self._lines, now.zone_name, self._context.clock.now_us()),
            "are_names_shown": seconds_left > 0,
            "is_pin_given": self._names.is_pin_given,
            "seconds_left": seconds_left,
        }
