"""A contact while it is typed: what stands in the fields, checked the way it will be kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from stojnica.domain.contact import shown_phone
from stojnica.domain.ids import new_id
from stojnica.domain.signup import SignUpCheck, SignUpForm, check_signup
from stojnica.domain.text import Hint, Problem
from stojnica.records.contact_queries import Contact
from stojnica.services.capture import PAPER, WEB
from stojnica.services.signup_choices import FormOffer

Said = TypeVar("Said", Problem, Hint)

TYPED_FIELDS = (
    *("first_name", "last_name", "email", "phone", "town", "status", "heard", "question", "guardian"),
    *("age_band", "country"),
)
# In the order in which the page shows them: the first with a problem gets the focus.
FIELD_ORDER = (
    *("first_name", "last_name", "email", "phone", "age_band", "guardian", "town", "heard", "status"),
    *("question", "purposes"),
)


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """Hold a form being filled; `known` is the contact that it corrects. Its id is made when it opens."""

    subject_id: UUID = field(default_factory=new_id)
    form: SignUpForm = field(default_factory=SignUpForm)
    known: Contact | None = None

    @property
    def is_touched(self) -> bool:
        """Tell whether anything was typed or ticked."""
        return self.form != SignUpForm()

    def typed(self, name: str, text: str) -> "ContactDraft":
        """Put a text into a field.

        Raises:
            KeyError: there is no such field.
        """
        if name not in TYPED_FIELDS:
            raise KeyError(name)
        return self._with(name, text)

    def chosen(self, name: str, item: str, *, is_chosen: bool) -> "ContactDraft":
        """Tick or untick one of several: purposes, interests, themes.

        Raises:
            KeyError: there is no such field.
        """
        if name not in ("purposes", "interests", "themes"):
            raise KeyError(name)
        items: Iterable[str] = getattr(self.form, name)
        kept = tuple(other for other in items if other != item)
        return self._with(name, (*kept, item) if is_chosen else kept)

    def check(self, offer: FormOffer) -> SignUpCheck:
        """Check the form as it would be kept; problems are named after the fields of the page.

        A person who signed up on paper or on the web isn't here: what is missing is then a hint.
        """
        is_here = self.known is None or self.known.channel not in (PAPER, WEB)
        rules = replace(offer.rules, is_present=is_here)
        checked = check_signup(self._as_kept(offer), rules)
        return SignUpCheck(
            tuple(item.at(_on_page(item.field)) for item in checked.problems),
            tuple(item.at(_on_page(item.field)) for item in checked.hints),
            checked.signup,
        )

    def _as_kept(self, offer: FormOffer) -> SignUpForm:
        """Share the one field "question or remark" out: a question only when an answer is wanted."""
        known = self.known
        is_question = bool(offer.asking & set(self.form.purposes)) or (known is not None and known.question)
        if is_question:
            return replace(self.form, remark=known.remark if known else "")
        return replace(self.form, remark=self.form.question, question="")

    def _with(self, name: str, value: object) -> "ContactDraft":
        return replace(self, form=replace(self.form, **{name: value}))  # type: ignore[arg-type]


def draft_of(known: Contact, offer: FormOffer) -> ContactDraft:
    """Load a contact into a form, so that it can be corrected."""
    granted = tuple(item.purpose for item in known.consents if item.is_granted)
    form = SignUpForm(
        first_name=known.first_name,
        last_name=known.last_name,
        email=known.email,
        phone=shown_phone(known.phone, offer.rules.region) if known.phone else "",
        age_band=known.age_band,
        country=known.country,
        town=known.town,
        status=known.status,
        heard=known.heard,
        question=known.question or known.remark,
        interests=known.interests,
        themes=known.themes,
        purposes=granted,
        guardian=known.guardian,
        guardian_relation=known.guardian_relation,
        guardian_agrees=bool(known.guardian),
        organisation=known.organisation,
        post_code=known.post_code,
        answers=known.answers,
        slip_number=known.slip_number,
        collected_on=known.collected_on,
    )
    return ContactDraft(known.subject_id, form, known)


def first_in_order(problems: Iterable[Problem]) -> str:
    """Give the field, in the page's order, that should get the focus."""
    fields = {item.field for item in problems}
    return next((name for name in FIELD_ORDER if name in fields), "first_name")


def without(items: Iterable[Said], name: str) -> tuple[Said, ...]:
    """Give the problems or hints of the other fields."""
    return tuple(item for item in items if item.field != name)


def _on_page(name: str) -> str:
    return "question" if name == "remark" else name
