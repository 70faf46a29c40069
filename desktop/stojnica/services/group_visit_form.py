"""The form of *Group visit* while it is typed: what stands in it, and what is said about it."""

from dataclasses import replace
from functools import partial
from typing import Any

from stojnica.domain.age import band_of
from stojnica.domain.form import ORGANISATION
from stojnica.domain.group_visit import read_pupils
from stojnica.domain.likeness import ANSWERS, SAME
from stojnica.domain.signup import SignUpForm
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.records.group_visits import counted_at_once
from stojnica.services.contact_draft import ContactDraft, without
from stojnica.services.contact_state import same_person_text, subtitle_of
from stojnica.services.group_visit_draft import GROUP_FIELDS, TEACHER_FIELDS, GroupDraft, check_teacher
from stojnica.services.group_visit_state import GroupLook, GroupVisitState, summary_of, visit_rows
from stojnica.services.group_visit_unfinished import (
    UnfinishedVisit,
    may_visit_be_kept,
    unfinished_visit_text,
    visit_keeper,
)
from stojnica.services.message import Message, Tone, failure_message
from stojnica.services.same_person import SamePersonWatch
from stojnica.services.signup_choices import (
    FormOffer,
    band_choices,
    consent_boxes,
    form_offer,
    language_choices,
    no_wordings,
)
from stojnica.services.stand import StandContext
from stojnica.services.take_home import offered_to
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import local_time, written_clock

_LATELY_US = 2 * 3_600_000_000


class GroupVisitFormViewModel(ViewModel[GroupVisitState]):
    """Hold the form and its checks; UI thread alone."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(GroupVisitState())
        self._context = context
        self._counts = LatestOnly()
        self._same = SamePersonWatch(context, self._draw, self._failed)
        self._draft = GroupDraft()
        self._look: GroupLook | None = None
        self._offer: FormOffer | None = None
        self._language = ""
        self._counted_before = ""
        self._problems: tuple[Problem, ...] = ()
        self._hints: tuple[Hint, ...] = ()
        self._message: Message | None = None
        self._asks_without = False
        self._is_saving = False
        self._keeper = visit_keeper(context, self._failed)
        self._unfinished: UnfinishedVisit | None = None
        self._focus, self._focus_number = "school", 0

    # What is typed

    def type(self, name: str, text: str) -> None:
        """Put a text into a field; what was said about it goes.

        Raises:
            KeyError: there is no such field.
        """
        if name in GROUP_FIELDS:
            self._put(name, replace(self._draft, form=replace(self._draft.form, **{name: text})))
        elif name in TEACHER_FIELDS:
            changed: dict[str, Any] = {name: text}
            teacher = replace(self._draft.teacher, **changed)
            self._put(name, replace(self._draft, teacher=teacher))
            if name in ("email", "phone"):
                self._same.likeness = None
        else:
            raise KeyError(name)
        if name == "pupils":
            self._look_for_count()

    def choose_band(self, band: str) -> None:
        """Choose how old most of them are; the same one again takes it back."""
        chosen = "" if band == self._draft.form.age_band else band
        self._put("age_band", replace(self._draft, form=replace(self._draft.form, age_band=chosen)))

    def count_pupils(self, is_counted: bool) -> None:
        """Count the pupils among the people reached, or don't."""
        self._put("is_counted", replace(self._draft, is_counted=is_counted))

    def tick_box(self, purpose: str, is_ticked: bool) -> None:
        """Tick a box that the teacher agreed to after it was read aloud, or untick it."""
        kept = tuple(item for item in self._draft.teacher.purposes if item != purpose)
        purposes = (*kept, purpose) if is_ticked else kept
        self._put("purposes", replace(self._draft, teacher=replace(self._draft.teacher, purposes=purposes)))

    def read_in(self, language: str) -> None:
        """Read the wordings aloud in another language."""
        self._language = language
        self._renew_offer()
        self._draw()

    def leave(self, name: str) -> None:
        """Check the teacher's address or number when it was left, and look for the same person."""
        if name not in ("email", "phone") or self._offer is None or self._look is None:
            return
        checked = check_teacher(self._draft, self._offer)
        problem, hint = checked.problem_at(name), checked.hint_at(name)
        self._problems, self._hints = without(self._problems, name), without(self._hints, name)
        if problem is not None and getattr(self._draft.teacher, name):
            self._problems = (*self._problems, problem)
        if hint is not None:
            self._hints = (*self._hints, hint)
        self._draw()
        if self._look.now.event is not None:
            draft = ContactDraft(self._draft.teacher_id, self._draft.teacher)
            self._same.compare(draft, self._look.now, self._offer.rules.region)

    def accept_hint(self, name: str) -> None:
        """Take what the hint at a field proposes."""
        hint = self.state.hint_at(name)
        if hint is not None and hint.proposal:
            self.type(name, hint.proposal)
            self.leave(name)

    def answer_same_person(self, answer: str) -> None:
        """Answer the warning: a teacher who is in already isn't taken twice, the visit names that contact.

        Raises:
            KeyError: it is none of the answers.
        """
        if answer not in ANSWERS:
            raise KeyError(answer)
        found = self._same.answer(answer)
        if found is not None and answer == SAME:
            words = _("{initials}: already among the contacts, and named by this visit.").format(
                initials=found.initials or "–"
            )
            self._draft = replace(
                self._draft, known_teacher=found.subject_id, kept_words=words, teacher=SignUpForm()
            )
            self._same.forget()
            self._keeper.typed()
        self._draw()

    # What is remembered

    def put_by(self) -> None:
        """Keep what is half typed at once, because the laptop is about to be locked."""
        if self._offer is not None and not self._is_saving:
            self._keeper.keep_now(self._draft, self._offer)

    def tick(self) -> None:
        """Keep what is typed when the hand rests; call it every second."""
        if self._offer is not None and not self._is_saving:
            self._keeper.tick(self._draft, self._offer)

    def continue_unfinished(self) -> None:
        """Go on with the visit that wasn't finished."""
        found = self._unfinished
        if found is None or self._offer is None or self._is_saving:
            return
        if self._draft.known is not None or may_visit_be_kept(self._draft, self._offer):
            self._say(Message(Tone.WAIT, _("Save what is in the form first, or empty it.")))
            return
        self._begin()
        self._unfinished, self._draft, self._message = None, found.draft, None
        self._keeper.taken_up(found.draft.subject_id)
        self._go_to("school")

    def discard_unfinished(self) -> None:
        """Forget that visit for good."""
        if self._unfinished is not None:
            self._keeper.drop(self._unfinished.draft.subject_id)
            self._unfinished = None
            self._draw()

    # Inside

    def _renew_offer(self) -> None:
        if self._look is not None:
            now = self._look.now
            today = now.today(self._context.clock)
            self._offer = form_offer(now, today, self._language or current_language(), ORGANISATION)

    def _look_for_count(self) -> None:
        """Ask whether so many were counted at once by hand a while ago: nobody is to be counted twice."""
        self._counted_before = ""
        question, look = self._counts.ask(), self._look
        pupils = read_pupils(self._draft.form.pupils)
        if look is None or look.now.event is None or pupils is None or pupils < 2:
            return
        find = partial(
            counted_at_once,
            branch_id=look.now.branch_id,
            event_id=look.now.event.event_id,
            amount=pupils,
            since=self._context.clock.now_us() - _LATELY_US,
        )
        future = self._context.store.read(lambda connection: find(connection))
        self._context.runner.when(
            future, question.only(partial(self._found_count, pupils)), question.only(self._failed)
        )

    def _found_count(self, pupils: int, at_us: int | None) -> None:
        if at_us is None or self._look is None or self._draft.known is not None:
            return
        time = written_clock(local_time(at_us, self._look.now.zone_name))
        text = _("At {time} a group of {count} was counted at once. If it is this one, untick this box.")
        self._counted_before = text.format(time=time, count=pupils)
        self._draw()

    def _put(self, name: str, draft: GroupDraft) -> None:
        self._draft = replace(draft, may_go_without=False)
        self._keeper.typed()
        self._problems, self._hints = without(self._problems, name), without(self._hints, name)
        self._asks_without = False
        if self._message is not None and self._message.tone is Tone.GOOD:
            self._message = None
        self._draw()

    def _begin(self) -> None:
        self._draft = GroupDraft()
        self._language, self._counted_before = "", ""
        self._counts.forget()
        self._renew_offer()
        self._problems, self._hints = (), ()
        self._asks_without = False
        self._same.forget()
        self._focus, self._focus_number = "school", self._focus_number + 1

    def _go_to(self, name: str) -> None:
        self._focus, self._focus_number = name, self._focus_number + 1
        self._draw()

    def _say(self, message: Message | None) -> None:
        self._message = message
        self._draw()

    def _failed(self, error: Exception) -> None:
        message = failure_message(error)
        if message is not None:
            self._say(message)

    def _draw(self) -> None:
        look, offer, draft = self._look, self._offer, self._draft
        if look is None or offer is None:
            self._set(GroupVisitState(message=self._message))
            return
        now, now_us = look.now, self._context.clock.now_us()
        band = band_of(draft.form.age_band, offer.rules.bands)
        things = ", ".join(offered_to(offer.document, band, current_language()))
        self._set(
            GroupVisitState(
                is_loaded=True,
                has_event=now.event is not None,
                title=_("Correct a group visit") if draft.known else _("Group visit"),
                subtitle=subtitle_of(now),
                form=draft.form,
                teacher=draft.teacher,
                bands=band_choices(offer.rules.bands, draft.form.age_band),
                offered=_("For this age: {things}").format(things=things) if things else "",
                is_counted=draft.is_counted,
                counted_before=self._counted_before if draft.is_counted else "",
                kept_teacher=draft.kept_words or ("" if offer.wordings else no_wordings().what),
                asks_question=bool(offer.asking & set(draft.teacher.purposes)),
                consents=consent_boxes(offer, draft.teacher.purposes),
                consent_language=offer.language,
                consent_languages=language_choices(offer.languages),
                problems=self._problems,
                hints=self._hints,
                same_person=same_person_text(self._same.found, now.zone_name, now_us),
                asks_without=self._asks_without,
                unfinished=unfinished_visit_text(self._unfinished, now.zone_name),
                visits=visit_rows(look.visits, now.zone_name, now_us),
                summary=summary_of(look.visits),
                correcting=draft.known.subject_id if draft.known else None,
                has_teacher=draft.known is not None and draft.known.visit.teacher is not None,
                is_saving=self._is_saving,
                message=self._message,
                focus=self._focus,
                focus_number=self._focus_number,
            )
        )
