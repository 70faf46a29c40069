"""The page *Group visit*: a class in a minute, its teacher as a contact if they agree to something."""

from dataclasses import replace
from functools import partial
from uuid import UUID

from stojnica.domain.group_visit import check_visit, read_pupils
from stojnica.domain.signup import ConsentEvidence
from stojnica.i18n import gettext as _
from stojnica.records.group_visits import KnownVisit, group_visit
from stojnica.services.changes import Change
from stojnica.services.contact_draft import first_in_order, without
from stojnica.services.group_visit import (
    KeptVisit,
    Teacher,
    VisitWish,
    keep_visit,
    unknown_visit,
    void_visit,
)
from stojnica.services.group_visit_draft import ORDER, check_teacher
from stojnica.services.group_visit_form import GroupVisitFormViewModel
from stojnica.services.group_visit_state import (
    GroupLook,
    form_of,
    look_at_groups,
    pupils_text,
    void_reasons,
)
from stojnica.services.message import Message, Tone, message_of
from stojnica.services.signup_choices import FormOffer
from stojnica.services.stand import StandContext
from stojnica.services.take_home import MOST_CARDS
from stojnica.services.take_home_page import TakeHomeViewModel
from stojnica.services.today import choose_event_first
from stojnica.services.view_model import LatestOnly

_CONCERNED = frozenset({Change.CONTACTS, Change.COUNTS, Change.EVENTS, Change.ORGANISATION})


class GroupVisitViewModel(GroupVisitFormViewModel):
    """Take group visits in, correct and void them; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(context)
        self._looks = LatestOnly()
        self._last_cards = (1, "")
        self.cards = TakeHomeViewModel(context)
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again at the event, the wordings and the visits; what is typed stays."""
        question = self._looks.ask()
        future = self._context.store.read(partial(look_at_groups, now_us=self._context.clock.now_us()))
        self._context.runner.when(future, question.only(self._show), question.only(self._failed))

    # Keeping it

    def save(self) -> None:
        """Keep the visit, or say at the fields what is missing."""
        look, offer = self._look, self._offer
        if self._is_saving or look is None or offer is None:
            return
        if look.now.event is None:
            self._say(choose_event_first())
            return
        wish = self._checked(look, offer)
        if self._problems:
            self._go_to(first_in_order(self._problems, ORDER))
        elif wish is not None:
            self._is_saving = True
            self._draw()
            self._context.runner.when(keep_visit(self._context.store, wish), self._saved, self._not_saved)

    def save_without_teacher(self) -> None:
        """Keep school and numbers alone: the teacher agreed to nothing."""
        self._draft = replace(self._draft, may_go_without=True)
        self._asks_without = False
        self.save()

    def back_to_boxes(self) -> None:
        """Don't keep it yet: the teacher still agrees to something."""
        self._asks_without = False
        self._go_to("purposes")

    def clear(self) -> None:
        """Empty the form, or end a correction without keeping it."""
        if not self._is_saving:
            self._message = None
            self._keeper.forget(self._draft.subject_id)
            self._begin()
            self._draw()

    def correct(self, subject_id: UUID) -> None:
        """Load a visit into the form; what was being typed there is given up."""
        if self._is_saving or self._look is None:
            return
        branch_id = self._look.now.branch_id
        self._context.runner.when(
            self._context.store.read(lambda c: group_visit(c, branch_id, subject_id)),
            self._load,
            self._failed,
        )

    def void(self, subject_id: UUID, reason: str, *, with_teacher: bool) -> None:
        """Take a visit out of all lists and numbers, and the teacher's contact with it if so wanted."""
        if reason not in dict(void_reasons()):
            self._say(Message(Tone.WAIT, _("Choose why this visit is voided.")))
            return
        future = void_visit(
            self._context.store,
            subject_id,
            reason,
            with_teacher=with_teacher,
            operator=self._look.now.operator if self._look else "",
        )
        self._context.runner.when(future, self._voided, self._failed)

    def void_reasons(self) -> tuple[tuple[str, str], ...]:
        """Give the reasons for voiding a visit."""
        return void_reasons()

    def begin_cards(self) -> None:
        """Make the cards of the group in the form; of the one that was kept last when the form is empty."""
        pupils = read_pupils(self._draft.form.pupils)
        count, band = (pupils, self._draft.form.age_band) if pupils else self._last_cards
        self.cards.begin(min(count, MOST_CARDS), band)

    # Inside

    def _checked(self, look: GroupLook, offer: FormOffer) -> VisitWish | None:
        """Check all of it; a wish when it may be kept, else problems, or the question about the teacher."""
        draft, event = self._draft, look.now.event
        checked = check_visit(draft.form)
        self._problems, self._hints = checked.problems, ()
        teacher: Teacher | None = None
        if draft.teacher.purposes and draft.known_teacher is None:
            judged = check_teacher(draft, offer)
            self._problems = (*self._problems, *without(judged.problems, "school"))
            self._hints = judged.hints
            if judged.signup is not None:
                evidence = ConsentEvidence("read_aloud", offer.language, offer.by_purpose)
                teacher = Teacher(draft.teacher_id, judged.signup, evidence, self._same.likeness)
        if self._problems or checked.visit is None or event is None:
            return None
        if teacher is None and draft.has_typed_teacher and not draft.may_go_without:
            self._asks_without = True
            self._draw()
            return None
        return VisitWish(
            draft.subject_id,
            checked.visit,
            event,
            draft.is_counted,
            operator=look.now.operator,
            teacher=teacher,
            known_teacher=draft.known_teacher,
        )

    def _heard(self, changed: frozenset[Change]) -> None:
        if self._look is not None and changed & _CONCERNED:
            self.refresh()

    def _show(self, look: GroupLook) -> None:
        if self._look is None:
            self._unfinished = look.unfinished
        self._look = look
        self._renew_offer()
        self._draw()

    def _saved(self, kept: KeptVisit) -> None:
        self._is_saving = False
        self._keeper.forget(self._draft.subject_id)
        words = _("Corrected: {school}, {pupils}.") if self._draft.known else _("Saved: {school}, {pupils}.")
        text = words.format(school=kept.visit.school, pupils=pupils_text(kept.visit.pupils))
        if kept.initials:
            teacher = _("The teacher is a contact ({initials}).").format(initials=kept.initials)
        elif kept.visit.teacher is None:
            teacher = _("Nobody's name was kept.")
        else:
            teacher = ""
        self._message = Message(Tone.GOOD, f"{text} {teacher}".strip())
        self._last_cards = (kept.visit.pupils, kept.visit.age_band)
        self._begin()
        self._draw()
        self._context.changes.tell(Change.COUNTS, Change.CONTACTS)

    def _not_saved(self, error: Exception) -> None:
        self._is_saving = False
        self._draw()
        self._failed(error)

    def _voided(self, _nothing: None) -> None:
        self._message = Message(Tone.GOOD, _("The visit was voided."))
        self._begin()
        self._draw()
        self._context.changes.tell(Change.COUNTS, Change.CONTACTS)

    def _load(self, known: KnownVisit | None) -> None:
        if self._is_saving or self._look is None:
            return
        if known is None or known.is_voided:
            self._say(message_of(unknown_visit()))
            return
        self._keeper.forget(self._draft.subject_id)
        self._begin()
        self._message = None
        words = _("{initials}: the contact is in the list of contacts, where it is corrected.").format(
            initials=known.initials
        )
        self._draft = replace(
            self._draft,
            subject_id=known.subject_id,
            form=form_of(known.visit),
            is_counted=known.is_counted,
            known=known,
            known_teacher=known.visit.teacher,
            kept_words=words if known.visit.teacher is not None else "",
        )
        self._draw()
