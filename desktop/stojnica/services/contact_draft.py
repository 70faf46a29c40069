"""A contact while it is typed: what stands in the fields, checked the way it will be kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from stojnica.domain.contact import shown_phone
from stojnica.domain.form import BARE_FORM, KNOWN_QUESTIONS, PERSON, Form
from stojnica.domain.ids import new_id
from stojnica.domain.signup import SignUpCheck, SignUpForm, check_signup
from stojnica.domain.text import Hint, Problem
from stojnica.records.contact_queries import Contact
from stojnica.services.capture import PAPER, WEB
from stojnica.services.contact_questions import joined_town, place_of, split_town
from stojnica.services.signup_choices import FormOffer
from stojnica.services.slip_entry import SlipPile

Said = TypeVar("Said", Problem, Hint)

TYPED_FIELDS = (
    *("first_name", "last_name", "email", "phone", "town", "status", "heard", "question", "guardian"),
    *("guardian_relation", "age_band", "country", "organisation"),
)
CHOSEN_FIELDS = ("purposes", "interests", "themes")


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """Hold a form being filled; `known` is the contact that it corrects. Its id is made when it opens.

    `blank` is the form as it opened: empty, or with what holds for everybody at the event. `pile` is that of
    the slip which it is typed from.
    """

    subject_id: UUID = field(default_factory=new_id)
    form: SignUpForm = field(default_factory=SignUpForm)
    known: Contact | None = None
    audience: str = PERSON
    blank: SignUpForm = field(default_factory=SignUpForm)
    pile: SlipPile | None = None

    @property
    def is_touched(self) -> bool:
        """Tell whether anything was typed or ticked."""
        return self.form != self.blank

    def typed(self, name: str, text: str, form: Form = BARE_FORM) -> "ContactDraft":
        """Put a text into a field of ours or of the form's own.

        Raises:
            KeyError: there is no such field.
        """
        # A form may ask for the country: that is an answer of its own, not the one read off a slip.
        is_own = name not in KNOWN_QUESTIONS and form.question(name) is not None
        if name in TYPED_FIELDS and not is_own:
            return self._with(name, text)
        return replace(self, form=self.form.answered(_own(name, form), text))

    def chosen(self, name: str, item: str, *, is_chosen: bool, form: Form = BARE_FORM) -> "ContactDraft":
        """Tick or untick one of several: purposes, interests, themes, or a choice of the form's own.

        Raises:
            KeyError: there is no such field.
        """
        if name in CHOSEN_FIELDS:
            return self._with(name, _toggled(getattr(self.form, name), item, is_chosen))
        given = self.form.answer(_own(name, form))
        items = given if isinstance(given, tuple) else ()
        return replace(self, form=self.form.answered(name, _toggled(items, item, is_chosen)))

    def agreed_by_guardian(self, agrees: bool) -> "ContactDraft":
        """Keep whether the guardian who is here has ticked."""
        return self._with("guardian_agrees", agrees)

    def of_audience(self, audience: str) -> "ContactDraft":
        """Fill in another form; what fits both stays."""
        return replace(self, audience=audience)

    def text_at(self, name: str) -> object:
        """Give what stands in a field."""
        is_ours = name not in self.form.answers and hasattr(self.form, name)
        return getattr(self.form, name) if is_ours else self.form.answer(name)

    def check(self, offer: FormOffer) -> SignUpCheck:
        """Check the form as it would be kept; problems are named after the fields of the page.

        A person who signed up on paper or on the web isn't here: what is missing is then a hint.
        """
        is_here = self.known is None or self.known.channel not in (PAPER, WEB)
        rules = replace(offer.rules, is_present=is_here and offer.rules.is_present)
        checked = check_signup(self._as_kept(offer), rules)
        return SignUpCheck(
            tuple(item.at(place_of(item.field)) for item in checked.problems),
            tuple(item.at(place_of(item.field)) for item in checked.hints),
            checked.signup,
        )

    def _as_kept(self, offer: FormOffer) -> SignUpForm:
        """Part what shares a field: post code and town; a question only if an answer is wanted."""
        known = self.known
        post_code, town = split_town(self.form.town, offer.rules.region)
        if known is not None and self.form.town == self.blank.town:
            post_code, town = known.post_code, known.town
        form = replace(self.form, post_code=post_code, town=town)
        is_question = bool(offer.asking & set(form.purposes)) or (known is not None and known.question)
        if is_question:
            return replace(form, remark=known.remark if known else "")
        return replace(form, remark=form.question, question="")

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
        town=joined_town(known.post_code, known.town),
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
        answers=known.answers,
        slip_number=known.slip_number,
        collected_on=known.collected_on,
    )
    return ContactDraft(known.subject_id, form, known, known.audience or PERSON, blank=form)


def first_in_order(problems: Iterable[Problem], order: Iterable[str]) -> str:
    """Give the field, in the page's order, that should get the focus."""
    fields = {item.field for item in problems}
    return next((name for name in order if name in fields), "first_name")


def without(items: Iterable[Said], name: str) -> tuple[Said, ...]:
    """Give the problems or hints of the other fields."""
    return tuple(item for item in items if item.field != name)


def _own(name: str, form: Form) -> str:
    if name in KNOWN_QUESTIONS or form.question(name) is None:
        raise KeyError(name)
    return name


def _toggled(items: Iterable[str], item: str, is_chosen: bool) -> tuple[str, ...]:
    kept = tuple(other for other in items if other != item)
    return (*kept, item) if is_chosen else kept
