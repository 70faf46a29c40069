"""Reading a form's document, which people edit by hand: a mistake has a place and a reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from stojnica.domain.canonical import NotCanonicalError, parse_json
from stojnica.domain.document_node import DocumentError, Node
from stojnica.domain.form import (
    AGE,
    AUDIENCES,
    KINDS,
    KIOSK,
    KNOWN_QUESTIONS,
    MANY_OF,
    ONE_OF,
    ORGANISATION,
    PERSON,
    PLACES,
    SOURCES,
    YES_NO,
    Condition,
    Form,
    FormPage,
    Option,
    Question,
    Texts,
)
from stojnica.i18n import gettext as _

FORMAT = 1
MAX_FORM_BYTES = 256 * 1024
MAX_PAGES = 10
MAX_QUESTIONS = 60
MAX_OPTIONS = 40
MAX_TARGETS = 8
_AGE_BANDS = 4
_TITLE_LIMIT = 200
_CHOOSING = (ONE_OF, MANY_OF)

T = TypeVar("T")


def read_form(body: bytes) -> Form:
    """Read a form from a file's bytes; see `parse_form`.

    Raises:
        DocumentError: it is no JSON, too large, or wrong at a place that the error names.
    """
    try:
        value = parse_json(body, MAX_FORM_BYTES)
    except NotCanonicalError as error:
        raise DocumentError("", _("the file is not JSON in UTF-8"), error.reason) from error
    return parse_form(Node(value, "", refuse_unknown=True))


def parse_form(node: Node) -> Form:
    """Check a form and give it as a value.

    Raises:
        DocumentError: what is wrong first, with its place, like "pages[1].questions[0].kind".
    """
    fields = node.fields("format id version audience languages title pages", "about")
    if fields["format"].integer(1, 10**6) != FORMAT:
        reason = _("this program reads format {format} only").format(format=FORMAT)
        raise fields["format"].error(reason, "format")
    languages = tuple(item.language() for item in fields["languages"].items(40))
    if not languages:
        raise fields["languages"].error(_("at least one language is needed here"), "language")
    words = _Words(languages)
    form = Form(
        id=fields["id"].name(),
        version=fields["version"].integer(1, 10**5),
        audience=fields["audience"].one_of(AUDIENCES),
        languages=languages,
        title=words.texts(fields["title"]),
        pages=tuple(_page(item, words) for item in fields["pages"].items(MAX_PAGES)),
    )
    _check_together(form, fields["pages"])
    return form


class _Words:
    """Texts of one form: each of them in each of its languages."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = languages

    def texts(self, node: Node) -> Texts:
        found = node.texts(_TITLE_LIMIT)
        for language in self._languages:
            if language not in found:
                reason = _("the language “{language}” is missing").format(language=language)
                raise node.error(reason, "language_missing")
        return found

    def maybe(self, fields: Mapping[str, Node], name: str) -> Texts:
        return self.texts(fields[name]) if name in fields else {}


def _page(node: Node, words: _Words) -> FormPage:
    fields = node.fields("id title questions", "lead")
    return FormPage(
        id=fields["id"].name(),
        title=words.texts(fields["title"]),
        questions=tuple(_question(item, words) for item in fields["questions"].items(MAX_QUESTIONS)),
        lead=words.maybe(fields, "lead"),
    )


def _question(node: Node, words: _Words) -> Question:
    fields = node.fields("id kind title", "help mandatory options source places ages shown_if")
    identifier, kind = fields["id"].name(), fields["kind"].one_of(KINDS)
    known = KNOWN_QUESTIONS.get(identifier)
    if known is not None and known != kind:
        reason = _("“{id}” has to be of kind {kind}").format(id=identifier, kind=known)
        raise fields["kind"].error(reason, "kind")
    from_age, to_age = _ages(fields["ages"]) if "ages" in fields else (None, None)
    question = Question(
        id=identifier,
        kind=kind,
        title=words.texts(fields["title"]),
        help=words.maybe(fields, "help"),
        is_mandatory="mandatory" in fields and fields["mandatory"].flag(),
        options=_many(fields, "options", lambda item: _option(item, words)),
        source=fields["source"].one_of(SOURCES) if "source" in fields else "",
        places=_many(fields, "places", lambda item: item.one_of(PLACES)) or PLACES,
        from_age=from_age,
        to_age=to_age,
        condition=_condition(fields["shown_if"]) if "shown_if" in fields else None,
    )
    _check_options(node, question)
    return question


def _many(fields: Mapping[str, Node], name: str, parse: Callable[[Node], T]) -> tuple[T, ...]:
    return tuple(map(parse, fields[name].items(MAX_OPTIONS))) if name in fields else ()


def _option(node: Node, words: _Words) -> Option:
    fields = node.fields("id title", "detail from_age")
    return Option(
        id=fields["id"].name(),
        title=words.texts(fields["title"]),
        detail=words.maybe(fields, "detail"),
        from_age=fields["from_age"].integer(0, 120) if "from_age" in fields else None,
    )


def _ages(node: Node) -> tuple[int | None, int | None]:
    fields = node.fields("", "from to")
    low, high = (fields[name].integer(0, 120) if name in fields else None for name in ("from", "to"))
    if low is not None and high is not None and low > high:
        raise fields["to"].error(_("it ends before it starts"), "order")
    return low, high


def _condition(node: Node) -> Condition:
    fields = node.fields("question is")
    return Condition(
        fields["question"].name(), tuple(item.name() for item in fields["is"].items(MAX_OPTIONS))
    )


def _check_options(node: Node, question: Question) -> None:
    if question.kind in _CHOOSING and bool(question.options) == bool(question.source):
        raise node.error(_("either “options” or “source” is needed"), "options")
    if question.kind not in _CHOOSING and (question.options or question.source):
        raise node.error(_("a question of this kind has no options"), "options")
    _refuse_repeated(node, [option.id for option in question.options])


def _check_together(form: Form, pages: Node) -> None:
    if not form.pages:
        raise pages.error(_("at least one page is needed"), "empty")
    _refuse_repeated(pages, [page.id for page in form.pages])
    _refuse_repeated(pages, [question.id for question in form.questions])
    for place, page in enumerate(form.pages):
        if targets(page) > MAX_TARGETS:
            reason = _("there is more on this page than a visitor can take in: at most {count}")
            where = f"pages[{place}].questions"
            raise DocumentError(where, reason.format(count=MAX_TARGETS), "targets")
    wanted = ("first_name", "age_band") if form.audience == PERSON else ("first_name", ORGANISATION)
    for identifier in wanted:
        if form.question(identifier) is None:
            raise pages.error(_("the question “{id}” is needed").format(id=identifier), "needed")
    if form.question("email") is None and form.question("phone") is None:
        raise pages.error(_("an e-mail address or a phone number has to be asked for"), "needed")
    _check_conditions(form, pages)


def targets(page: FormPage) -> int:
    """Count what a visitor at the kiosk has to look at; a list of the office's counts as one."""
    return sum(_targets(question) for question in page.questions if KIOSK in question.places)


def _targets(question: Question) -> int:
    if question.kind == AGE:
        return _AGE_BANDS
    if question.kind == YES_NO:
        return 2
    return max(1, len(question.options))


def _check_conditions(form: Form, pages: Node) -> None:
    for question in form.questions:
        seen = {question.id}
        on = question
        while on.condition is not None:
            following = form.question(on.condition.question)
            if following is None:
                reason = _("there is no question “{id}”").format(id=on.condition.question)
                raise pages.error(reason, "reference")
            if following.id in seen:
                reason = _("“{id}” waits for its own answer").format(id=question.id)
                raise pages.error(reason, "circle")
            _check_values(pages, on.condition, following)
            seen.add(following.id)
            on = following


def _check_values(pages: Node, condition: Condition, question: Question) -> None:
    known = {option.id for option in question.options}
    unknown = [value for value in condition.values if known and value not in known]
    if unknown:
        reason = _("“{question}” has no option “{id}”").format(question=question.id, id=unknown[0])
        raise pages.error(reason, "reference")


def _refuse_repeated(node: Node, ids: Sequence[Any]) -> None:
    if len(set(ids)) != len(ids):
        raise node.error(_("the same one is there twice"), "repeated")
