"""The form for a contact, opened with a slip: its number and day are filled in, its wordings are shown."""

from dataclasses import replace
from functools import partial

from stojnica.domain.signup import SignUp
from stojnica.i18n import LANGUAGE_NAMES, ngettext
from stojnica.i18n import gettext as _
from stojnica.services.capture import SavedContact
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_draft import ContactDraft
from stojnica.services.contact_state import ContactState
from stojnica.services.contact_unfinished import Unfinished
from stojnica.services.message import Message, Tone
from stojnica.services.signup_choices import FormOffer
from stojnica.services.slip_entry import OpenedSlip, SlipAnswer, open_number, save_slip
from stojnica.services.slip_entry_page import SlipEntryViewModel, run_note
from stojnica.services.stand import StandContext, StandNow


class ContactWithSlips(ContactViewModel):
    """Take contacts in, also from slips; UI thread alone. `entry` is told what became of each slip."""

    def __init__(self, context: StandContext, entry: SlipEntryViewModel) -> None:
        self._slip: OpenedSlip | None = None
        self._resumed: Unfinished | None = None
        self._entry = entry
        super().__init__(context)

    @property
    def slip(self) -> OpenedSlip | None:
        """Give the slip that lies in the form."""
        return self._slip

    def open_slip(self, slip: OpenedSlip) -> None:
        """Begin a form with a slip; one that was being typed is never thrown away for it."""
        if self._is_saving or self._draft.is_touched:
            text = _("Somebody's form isn't finished yet in New contact.")
            ask = _("Save it there, or empty it; then scan the slip again.")
            self._entry.put_back(Message(Tone.WAIT, text, next_step=ask))
            return
        self._begin()
        self._message = None
        self._slip = slip
        draft = ContactDraft(form=slip.start, audience=slip.audience, blank=slip.start, pile=slip.pile)
        resumed, self._resumed = self._resumed, None
        if resumed is not None and resumed.form.slip_number == str(slip.number):
            draft = replace(draft, subject_id=resumed.subject_id, form=resumed.form)
            self._keeper.taken_up(resumed.subject_id)
        self._draft = draft
        self._renew_offer()
        self._draw()

    def continue_unfinished(self) -> None:
        """Go on with what wasn't finished; a slip is opened anew, with what is printed on it."""
        found = self._unfinished
        if found is None or found.pile is None or self._is_saving or self._draft.is_touched:
            super().continue_unfinished()
            return
        look_up = partial(open_number, pile=found.pile, typed=found.form.slip_number)
        self._context.runner.when(
            self._context.store.read(look_up), partial(self._reopened, found), self._failed
        )

    def _reopened(self, found: Unfinished, answer: SlipAnswer) -> None:
        slip = answer.slip
        if slip is None:
            # Typed in elsewhere meanwhile, or its wording is no longer known: the paper is on the table.
            self._say(Message(Tone.WAIT, answer.problem.message if answer.problem else ""))
            return
        if self._is_saving or self._draft.is_touched or self._entry.state.opened is not None:
            return
        self._unfinished, self._resumed = None, found
        self._entry.take_up(slip)
        # The window leads here when a slip is opened; without one nobody does.
        if self._slip is None:
            self.open_slip(slip)

    def _keep(self, signup: SignUp, now: StandNow, offer: FormOffer) -> None:
        slip = self._slip
        if slip is None:
            super()._keep(signup, now, offer)
            return
        future = save_slip(
            self._context.store,
            slip,
            signup,
            subject_id=self._draft.subject_id,
            operator=now.operator,
        )
        self._context.runner.when(future, self._saved, self._not_saved)

    def _saved(self, saved: SavedContact) -> None:
        slip, self._slip = self._slip, None
        super()._saved(saved)
        if slip is not None:
            self._entry.kept(slip)

    def _begin(self) -> None:
        slip, self._slip = self._slip, None
        super()._begin()
        if slip is not None:
            # Emptied, or another contact was taken up: the slip lies on the pile again.
            self._entry.put_back()

    def _renew_offer(self) -> None:
        super()._renew_offer()
        slip, offer = self._slip, self._offer
        if slip is None or offer is None:
            return
        # Where nobody knows what is printed, the boxes are named in today's words, and nothing is proven.
        wordings = slip.wordings or offer.wordings
        worded = {item.purpose for item in wordings}
        purposes = tuple(item for item in offer.document.purposes if item.id in worded)
        self._offer = replace(
            offer,
            rules=replace(offer.rules, purposes=purposes, is_present=False),
            language=slip.language if slip.wordings else offer.language,
            wordings=wordings,
            languages=(slip.language,) if slip.wordings else offer.languages,
        )

    def _set(self, state: ContactState) -> None:
        slip = self._slip
        if slip is not None:
            title = _("Slip {number}").format(number=slip.number)
            state = replace(
                state,
                title=title,
                subtitle=_subtitle(slip, state.subtitle),
                consents_lead=_consents_lead(slip),
            )
        super()._set(state)


def _subtitle(slip: OpenedSlip, before: str) -> str:
    parts = [before, run_note(slip)]
    if slip.newer_form:
        text = _("printed from version {printed} of the form, shown is {shown}")
        parts.append(text.format(printed=slip.form_version, shown=slip.newer_form))
    return " · ".join(part for part in parts if part)


def _consents_lead(slip: OpenedSlip) -> str:
    """Say which wording the visitor read; nobody is here to whom it could be read aloud."""
    if not slip.wordings:
        return _("Consents in today's words, as nobody knows those on the slip: kept, and never used.")
    language = LANGUAGE_NAMES.get(slip.language, slip.language)
    versions = sorted({item.version for item in slip.wordings})
    listed = ", ".join(str(version) for version in versions)
    text = ngettext(
        "Consents as printed on the slip: {language}, wording {versions}. Tick what is ticked there.",
        "Consents as printed on the slip: {language}, wordings {versions}. Tick what is ticked there.",
        len(versions),
    ).format(language=language, versions=listed)
    if slip.collected_on:
        return text
    return f"{text} " + _("Without a day they are kept, and never used.")
