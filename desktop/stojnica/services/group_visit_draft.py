"""A group visit while it is typed, and the teacher's part checked the way it will be kept."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from stojnica.domain.group_visit import TEACHER_FORM, VisitForm
from stojnica.domain.ids import new_id
from stojnica.domain.signup import SignUpCheck, SignUpForm, check_signup
from stojnica.records.group_visits import KnownVisit
from stojnica.services.contact_questions import split_town
from stojnica.services.signup_choices import FormOffer

GROUP_FIELDS = ("school", "town", "pupils")
TEACHER_FIELDS = ("first_name", "last_name", "email", "phone", "question")
ORDER = (*GROUP_FIELDS, *TEACHER_FIELDS, "purposes")
_PLACES = {"organisation": "school", "post_code": "town", "remark": "question"}


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """Hold what is typed; ids are made when the form opens. `known` is the visit that it corrects."""

    subject_id: UUID = field(default_factory=new_id)
    teacher_id: UUID = field(default_factory=new_id)
    form: VisitForm = field(default_factory=VisitForm)
    teacher: SignUpForm = field(default_factory=SignUpForm)
    is_counted: bool = True
    known: KnownVisit | None = None
    known_teacher: UUID | None = None
    kept_words: str = ""
    may_go_without: bool = False

    @property
    def has_typed_teacher(self) -> bool:
        """Tell whether something of the teacher would be lost if nobody were kept."""
        return any(getattr(self.teacher, name).strip() for name in TEACHER_FIELDS)


def check_teacher(draft: GroupDraft, offer: FormOffer) -> SignUpCheck:
    """Check the teacher's part as it would be kept; problems are named after the fields of the page."""
    rules = replace(offer.rules, form=TEACHER_FORM)
    post_code, town = split_town(draft.form.town, rules.region)
    is_question = bool(offer.asking & set(draft.teacher.purposes))
    form = replace(
        draft.teacher,
        organisation=draft.form.school,
        post_code=post_code,
        town=town,
        question=draft.teacher.question if is_question else "",
    )
    checked = check_signup(form, rules)
    return SignUpCheck(
        tuple(item.at(_PLACES.get(item.field, item.field)) for item in checked.problems),
        tuple(item.at(_PLACES.get(item.field, item.field)) for item in checked.hints),
        checked.signup,
    )
