"""The page *Answers*: what visitors ask, found while somebody types, and what nobody could answer."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.known_answer import MAX_QUERY, AnswerIndex, KnownAnswer
from stojnica.domain.organisation import text_in
from stojnica.i18n import LANGUAGE_NAMES, VISITOR_LANGUAGES, current_language
from stojnica.i18n import gettext as _
from stojnica.records.missed_question_queries import MissedQuestion, missed_questions
from stojnica.services.changes import Change
from stojnica.services.message import Message, Tone, failure_message, message_of
from stojnica.services.missed_questions import keep_missed_question, take_back_question
from stojnica.services.signup_choices import Choice
from stojnica.services.stand import StandContext, StandNow, stand_now
from stojnica.services.view_model import LatestOnly, ViewModel
from stojnica.services.written_time import instant_of, local_time, written_clock

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

QUOTED = 80
_CONCERNED = frozenset({Change.ORGANISATION, Change.EVENTS, Change.QUESTIONS})


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Hold one line of what was found, in the visitor's language."""

    id: str
    question: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """Hold the answer that is shown large; `language` is the one it came out in."""

    id: str
    category: str
    question: str
    answer: str
    language: str


@dataclass(frozen=True, slots=True)
class MissedRow:
    """Hold one question of today that the office will get."""

    subject_id: UUID
    time: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswersState:
    """Hold what the page shows; `has_answers` is false while the office has written none."""

    is_loaded: bool = False
    has_answers: bool = False
    language: str = ""
    languages: tuple[Choice, ...] = ()
    query: str = ""
    rows: tuple[AnswerRow, ...] = ()
    shown: ShownAnswer | None = None
    missed: tuple[MissedRow, ...] = ()
    is_saving: bool = False
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class _Look:
    now: StandNow
    index: AnswerIndex
    missed: tuple[MissedQuestion, ...]


class AnswersViewModel(ViewModel[AnswersState]):
    """Find answers and note what is missing; UI thread alone. Finding never waits for the store."""

    def __init__(self, context: StandContext) -> None:
        super().__init__(AnswersState(language=current_language()))
        self._context = context
        self._latest = LatestOnly()
        self._index = AnswerIndex(())
        self._found: tuple[KnownAnswer, ...] = ()
        self._now: StandNow | None = None
        self._by_id: dict[UUID, MissedQuestion] = {}
        context.changes.subscribe(self._heard)

    def refresh(self) -> None:
        """Look again; what is typed stays."""
        question, clock, known = self._latest.ask(), self._context.clock, self._index
        self._context.runner.when(
            self._context.store.read(lambda connection: _look(connection, clock, known)),
            question.only(self._show),
            question.only(self._failed),
        )

    def type(self, text: str) -> None:
        """Find what matches what is typed so far."""
        query = text[:MAX_QUERY]
        if query != self.state.query:
            self._find(query, self.state.language)

    def choose_language(self, language: str) -> None:
        """Show questions and answers in the visitor's language; the same answer stays shown."""
        shown = self.state.shown
        self._find(self.state.query, language, keep=shown.id if shown else "")

    def choose(self, answer_id: str) -> None:
        """Show one of those that were found."""
        item = next((item for item in self._found if item.id == answer_id), None)
        if item is not None:
            self._set(replace(self.state, shown=_shown(item, self.state.language)))

    def next(self) -> None:
        """Show the one below."""
        self._step(1)

    def previous(self) -> None:
        """Show the one above."""
        self._step(-1)

    def nobody_knew(self) -> None:
        """Note the typed question for the office; then the field is free for the next one."""
        if self.state.is_saving:
            return
        now = self._now
        try:
            future = keep_missed_question(
                self._context.store,
                self.state.query,
                language=self.state.language,
                event_id=now.event.event_id if now and now.event else None,
                operator=now.operator if now else "",
            )
        except UserFacingError as error:
            tone = Tone.BAD if self.state.query.strip() else Tone.WAIT
            self._say(message_of(error)._replace(tone=tone))
            return
        self._set(replace(self.state, is_saving=True, message=None))
        self._context.runner.when(future, self._noted, self._failed)

    def take_back(self, subject_id: UUID) -> None:
        """Take a noted question back."""
        known = self._by_id.get(subject_id)
        if known is None or self.state.is_saving:
            return
        self._set(replace(self.state, is_saving=True, message=None))
        operator = self._now.operator if self._now else ""
        future = take_back_question(
            self._context.store, subject_id, event_id=known.event_id, operator=operator
        )
        self._context.runner.when(future, self._taken_back, self._failed)

    def _find(self, query: str, language: str, *, keep: str = "") -> None:
        self._found = self._index.find(query, language)
        chosen = next((item for item in self._found if item.id == keep), None)
        if chosen is None and self._found:
            chosen = self._found[0]
        self._set(
            replace(
                self.state,
                query=query,
                language=language,
                rows=tuple(AnswerRow(item.id, text_in(item.question, language)) for item in self._found),
                shown=_shown(chosen, language) if chosen else None,
                message=self.state.message if query == self.state.query else None,
            )
        )

    def _step(self, by: int) -> None:
        ids = [row.id for row in self.state.rows]
        shown = self.state.shown
        if shown is not None and shown.id in ids:
            self.choose(ids[min(max(ids.index(shown.id) + by, 0), len(ids) - 1)])

    def _heard(self, changed: frozenset[Change]) -> None:
        if changed & _CONCERNED:
            self.refresh()

    def _show(self, look: _Look) -> None:
        self._now, self._index = look.now, look.index
        self._by_id = {item.subject_id: item for item in look.missed}
        languages = _languages(look.index.answers)
        self._set(
            replace(
                self.state,
                is_loaded=True,
                has_answers=bool(look.index.answers),
                languages=tuple(Choice(code, LANGUAGE_NAMES.get(code, code)) for code in languages),
                missed=tuple(_missed_row(item, look.now.zone_name) for item in look.missed),
            )
        )
        language = self.state.language if self.state.language in languages else next(iter(languages), "sl")
        self._find(self.state.query, language, keep=self.state.shown.id if self.state.shown else "")

    def _noted(self, text: str) -> None:
        quoted = text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"
        words = _("Noted for the office: “{question}”").format(question=" ".join(quoted.split()))
        self._set(replace(self.state, is_saving=False))
        self._find("", self.state.language)
        self._say(Message(Tone.GOOD, words, next_step=_("It goes there with the next sending.")))
        self._context.changes.tell(Change.QUESTIONS)

    def _taken_back(self, _none: None) -> None:
        self._set(replace(self.state, is_saving=False))
        self._say(Message(Tone.GOOD, _("The question was taken back; the office won’t get it as missing.")))
        self._context.changes.tell(Change.QUESTIONS)

    def _say(self, message: Message | None) -> None:
        self._set(replace(self.state, message=message))

    def _failed(self, error: Exception) -> None:
        self._set(replace(self.state, is_saving=False))
        message = failure_message(error)
        if message is not None:
            self._say(message)


def _look(connection: "Connection", clock: Clock, known: AnswerIndex) -> _Look:
    now = stand_now(connection)
    answers = now.shown.document.answers
    today = local_time(clock.now_us(), now.zone_name).replace(hour=0, minute=0, second=0, tzinfo=None)
    return _Look(
        now=now,
        index=known if known.answers == answers else AnswerIndex(answers),
        missed=missed_questions(connection, now.branch_id, instant_of(today, now.zone_name)),
    )


def _languages(answers: tuple[KnownAnswer, ...]) -> tuple[str, ...]:
    """Give the visitors' languages that any answer has, the program's own order first."""
    there = {language for item in answers for language in item.answer}
    return (*(code for code in VISITOR_LANGUAGES if code in there), *sorted(there - set(VISITOR_LANGUAGES)))


def _shown(item: KnownAnswer, language: str) -> ShownAnswer:
    spoken = next((code for code in (language, "en", "sl") if code in item.answer), min(item.answer))
    return ShownAnswer(
        id=item.id,
        category=text_in(item.category, spoken),
        question=item.question[spoken],
        answer=item.answer[spoken],
        language=spoken,
    )


def _missed_row(item: MissedQuestion, zone_name: str) -> MissedRow:
    return MissedRow(item.subject_id, written_clock(local_time(item.captured_at, zone_name)), item.text)
