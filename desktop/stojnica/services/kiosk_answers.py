"""What a visitor at the kiosk answers: each call puts one answer into the form of who stands there."""

from abc import abstractmethod
from dataclasses import replace

from stojnica.domain.form import KIOSK, Question
from stojnica.services.kiosk_questions import CHOOSING, answered
from stojnica.services.kiosk_state import STEPS, KioskPhase, KioskState
from stojnica.services.kiosk_visitor import KioskVisitor
from stojnica.services.signup_choices import FormOffer
from stojnica.services.view_model import ViewModel

# Fields of pages that no form decides.
_TYPED = ("guardian", "question")


class KioskAnswers(ViewModel[KioskState]):
    """Hold the visitor who stands there, and take the answers; the kiosk itself leads the way."""

    def __init__(self) -> None:
        super().__init__(KioskState())
        self._offer: FormOffer | None = None
        self._visitor = KioskVisitor()
        self._phase = KioskPhase.CLOSED

    @abstractmethod
    def _put(self, visitor: KioskVisitor) -> None:
        """Take the visitor as changed, unless it is too late for that."""

    @abstractmethod
    def _draw(self) -> None:
        """Show what holds now."""

    def type(self, name: str, text: str) -> None:
        """Put a text into a field; what comes late, from a page that is gone, is left.

        Raises:
            KeyError: visitors have no such field.
        """
        form = self._visitor.draft.form
        if name in _TYPED:
            self._put(self._visitor.put(self._visitor.draft.typed(name, text), name))
        elif self._asked(name).kind in CHOOSING:
            raise KeyError(name)
        elif self.state.question(name) is not None:
            self._put(self._visitor.answered(form.answered(name, text), name))

    def choose(self, name: str, option: str) -> None:
        """Choose one of the options of a question, or take it back.

        Raises:
            KeyError: visitors are asked no such question.
        """
        form = answered(self._visitor.draft.form, self._asked(name), option)
        if self.state.question(name) is not None:
            self._put(self._visitor.answered(form, name))

    def choose_relation(self, relation: str) -> None:
        """Say what the guardian is to the child."""
        form = replace(self._visitor.draft.form, guardian_relation=relation)
        self._put(self._visitor.answered(form, "guardian_relation"))

    def agree_as_guardian(self, is_agreed: bool) -> None:
        """Tick or untick the guardian's box."""
        form = replace(self._visitor.draft.form, guardian_agrees=is_agreed)
        self._put(self._visitor.answered(form, "guardian_agrees"))

    def choose_gender(self, gender: str) -> None:
        """Say it on the anonymous last page; the same once more takes it back."""
        if self._phase is KioskPhase.COUNTS:
            self._put(replace(self._visitor, gender="" if gender == self._visitor.gender else gender))

    def choose_country(self, country: str) -> None:
        """Say it on the anonymous last page; "" takes it back."""
        if self._phase is KioskPhase.COUNTS:
            self._put(replace(self._visitor, country=country))

    def tick_box(self, purpose: str, is_ticked: bool) -> None:
        """Tick or untick a box."""
        visitor = self._visitor.put(
            self._visitor.draft.chosen("purposes", purpose, is_chosen=is_ticked), "purposes"
        )
        self._put(visitor if self._offer is None else visitor.asked_late(self._offer))

    def leave(self, name: str) -> None:
        """Check a field that was left with something in it."""
        if self._offer is not None and self._phase in STEPS:
            self._visitor = self._visitor.left(name, self._offer)
            self._draw()

    def accept_hint(self, name: str) -> None:
        """Take what the hint at a field proposes."""
        hint = self.state.hint_at(name)
        if hint is not None and hint.proposal:
            self.type(name, hint.proposal)

    def _asked(self, name: str) -> Question:
        question = self._offer.rules.form.question(name) if self._offer else None
        if question is None or KIOSK not in question.places:
            raise KeyError(name)
        return question
