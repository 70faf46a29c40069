"""One visitor at the kiosk: all that is known of them is in one value, and wiping is a new one."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace

from stojnica.domain.age import AgeBand, band_of
from stojnica.domain.form import KIOSK, Question
from stojnica.domain.signup import SignUpCheck, SignUpForm, check_signup
from stojnica.domain.text import Hint, Problem
from stojnica.i18n import speaking
from stojnica.services.contact_draft import ContactDraft, without
from stojnica.services.kiosk_links import InterestLink
from stojnica.services.message import Message
from stojnica.services.signup_choices import FormOffer

# A box can need a contact that isn't there: asked beside the boxes, for that is where the visitor looks.
CONTACTS = ("email", "phone")
NEEDS = ("needs_email", "needs_phone")


@dataclass(frozen=True, slots=True)
class KioskVisitor:
    """Hold what one visitor has typed and chosen, and what is said about it.

    `late` names the contact that a ticked box needs and the visitor hadn't given.
    """

    draft: ContactDraft = field(default_factory=ContactDraft)
    language: str = ""
    problems: tuple[Problem, ...] = ()
    hints: tuple[Hint, ...] = ()
    message: Message | None = None
    details: str = ""
    is_notice_open: bool = False
    links: tuple[InterestLink, ...] = ()
    gender: str = ""
    country: str = ""
    late: str = ""

    @property
    def has_begun(self) -> bool:
        """Tell whether there is anything to forget."""
        return self.draft.is_touched or bool(self.language) or self.is_notice_open

    def after(self) -> "KioskVisitor":
        """Give a blank visitor who still reads this language: for thanks, and for a refusal."""
        return KioskVisitor(language=self.language)

    def answered(self, form: SignUpForm, name: str) -> "KioskVisitor":
        """Change what was answered; what was said about that question goes."""
        return self.put(replace(self.draft, form=form), name)

    def put(self, draft: ContactDraft, name: str) -> "KioskVisitor":
        """Change the form; what was said about that field goes."""
        return replace(
            self, draft=draft, problems=without(self.problems, name), hints=without(self.hints, name)
        )

    def unspoken(self) -> "KioskVisitor":
        """Take everything off that was said."""
        return replace(self, problems=(), message=None, details="")

    def asked_late(self, offer: FormOffer) -> "KioskVisitor":
        """Note which contact the ticked boxes need that isn't there; it stays asked while they need it."""
        purposes = self.draft.form.purposes
        needed = {item.needs for item in offer.rules.purposes if item.id in purposes}
        if self.late in needed:
            return self
        form = self.draft.form
        missing = (
            name
            for name in CONTACTS
            if name in needed and not getattr(form, name).strip() and late_question(name, offer) is not None
        )
        return replace(self, late=next(missing, ""))

    def left(self, name: str, offer: FormOffer) -> "KioskVisitor":
        """Check a field that was left; an empty one is not complained about yet."""
        form = self.draft.form
        if not (form.answer(name) or getattr(form, name, "")):
            return self
        checked = self.check(offer)
        problem, hint = checked.problem_at(name), checked.hint_at(name)
        problems = without(self.problems, name)
        hints = without(self.hints, name)
        if problem is not None and problem.code not in NEEDS:
            problems = (*problems, problem)
        return replace(self, problems=problems, hints=hints if hint is None else (*hints, hint))

    def check(self, offer: FormOffer) -> SignUpCheck:
        """Check the whole form, in the visitor's language; a question counts only when it was asked for."""
        form = self.draft.form
        if not offer.asking & set(form.purposes):
            form = replace(form, question="")
        with speaking(offer.language):
            return check_signup(form, replace(offer.rules, place=KIOSK))

    def band(self, offer: FormOffer) -> AgeBand | None:
        """Give the age band, once it is told."""
        return band_of(self.draft.form.age_band, offer.rules.bands)

    def is_too_young(self, offer: FormOffer) -> bool:
        """Tell whether a guardian would have to agree (GDPR Art. 8)."""
        band = self.band(offer)
        return band is not None and band.needs_guardian


def problems_at(problems: Iterable[Problem], fields: Container[str]) -> tuple[Problem, ...]:
    """Give the problems that a page with these fields can solve."""
    return tuple(item for item in problems if item.field in fields)


def consent_problems(checked: SignUpCheck, late: str) -> tuple[Problem, ...]:
    """Give all problems as the third page shows them, which asks for the contact `late`."""
    return tuple(
        item.at("purposes") if item.code in NEEDS and item.field != late else item
        for item in checked.problems
    )


def late_question(name: str, offer: FormOffer) -> Question | None:
    """Give the form's own question for a contact, where the kiosk asks it."""
    question = offer.rules.form.question(name)
    return question if question is not None and KIOSK in question.places else None
