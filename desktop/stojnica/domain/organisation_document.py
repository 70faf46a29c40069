"""Reading the organisation's document, which people edit by hand: each mistake has a place and a reason."""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from stojnica.domain.canonical import NotCanonicalError, parse_json
from stojnica.domain.document_node import DocumentError, Node
from stojnica.domain.event import DESCRIPTION_LIMIT
from stojnica.domain.form import Form
from stojnica.domain.form_document import parse_form
from stojnica.domain.funding_document import parse_funding
from stojnica.domain.known_answer import KnownAnswer
from stojnica.domain.look_document import MAX_PICTURES, MAX_TEMPLATES, parse_picture, parse_template
from stojnica.domain.organisation import (
    NEEDS,
    Checklist,
    ChecklistItem,
    EventItem,
    Flyer,
    FlyerText,
    HeardFrom,
    Interest,
    Notice,
    Organisation,
    OrganisationDocument,
    Project,
    Purpose,
    Theme,
    Wording,
)
from stojnica.domain.partner import MAX_PARTNERS, partner_from
from stojnica.domain.qr_payload_document import read_code, read_offered
from stojnica.domain.retention import KEEP_ALL, parse_retention
from stojnica.domain.tally import COUNTERS, COUNTS_AS, MAX_OWN_COUNTERS, OwnCounter
from stojnica.domain.web_target import LONGEST_BASE, is_short_base
from stojnica.i18n import gettext as _

log = logging.getLogger(__name__)

FORMAT = 1
MAX_DOCUMENT_BYTES = 2 * 1024 * 1024
MAX_ITEMS = 500
MAX_EVENTS = 2_000
MAX_WORDINGS = 2_000
MAX_FORMS = 20
MAX_ANSWERS = 300
MAX_CHECKLISTS = 10
MAX_CODES = 20
MAX_CHECKLIST_ITEMS = 60
TITLE_LIMIT = 200
COUNTER_TITLE_LIMIT = 40
TEXT_LIMIT = 2_000
NOTICE_LIMIT = 20_000
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")

T = TypeVar("T")


def read_document(body: bytes, *, refuse_unknown: bool = False) -> OrganisationDocument:
    """Read the document from a file's bytes; see `parse_document`.

    Raises:
        DocumentError: it is no JSON, too large, or wrong at a place that the error names.
    """
    try:
        value = parse_json(body, MAX_DOCUMENT_BYTES)
    except NotCanonicalError as error:
        raise DocumentError("", _json_reason(error.reason), error.reason) from error
    return parse_document(value, refuse_unknown=refuse_unknown)


def parse_document(value: object, *, refuse_unknown: bool = False) -> OrganisationDocument:
    """Check the organisation's document, or a briefing, and give it as values.

    `refuse_unknown` is for publishing, where an unknown name is a slip of the keyboard; a briefing of a
    newer office may hold names that this version doesn't know.

    Raises:
        DocumentError: what is wrong first, with its place, like "wordings[3].text".
    """
    fields = Node(value, "", refuse_unknown).fields(
        "format organisation purposes wordings notices",
        "projects events interests themes heard consent_age flyers forms answers counters checklists briefing"
        " about templates pictures short_links codes retention",
    )
    if fields["format"].integer(1, 10**6) != FORMAT:
        raise fields["format"].error(
            _("this program reads format {format} only").format(format=FORMAT), "format"
        )

    def many(name: str, parse: Callable[[Node], T], limit: int = MAX_ITEMS) -> tuple[T, ...]:
        return tuple(map(parse, fields[name].items(limit))) if name in fields else ()

    document = OrganisationDocument(
        organisation=_organisation(fields["organisation"]),
        projects=many("projects", _project),
        events=many("events", _event, MAX_EVENTS),
        purposes=many("purposes", _purpose),
        wordings=many("wordings", _wording, MAX_WORDINGS),
        notices=many("notices", _notice),
        interests=many("interests", _interest),
        themes=many("themes", lambda node: Theme(*_id_and_title(node))),
        heard=many("heard", lambda node: HeardFrom(*_id_and_title(node))),
        consent_age=_consent_age(fields["consent_age"]) if "consent_age" in fields else {},
        flyers=many("flyers", _flyer),
        forms=_forms(fields["forms"]) if "forms" in fields else (),
        answers=many("answers", _known_answer, MAX_ANSWERS),
        counters=many("counters", _counter, MAX_OWN_COUNTERS),
        checklists=many("checklists", _checklist, MAX_CHECKLISTS),
        templates=many("templates", parse_template, MAX_TEMPLATES),
        pictures=many("pictures", parse_picture, MAX_PICTURES),
        short_links=_short_links(fields["short_links"]) if "short_links" in fields else "",
        codes=many("codes", read_offered, MAX_CODES),
        retention=parse_retention(fields["retention"]) if "retention" in fields else KEEP_ALL,
    )
    _check_together(document, fields)
    return document


def _json_reason(reason: str) -> str:
    sentences = {
        "too_large": _("the file is larger than {size} MB").format(size=MAX_DOCUMENT_BYTES // 1024**2),
        "repeated_key": _("a name stands twice in the same place"),
        "float": _("numbers are whole here, without a decimal point"),
        "too_deep": _("it is nested too deep"),
    }
    return sentences.get(reason, _("the file is not JSON in UTF-8"))


def _organisation(node: Node) -> Organisation:
    fields = node.fields(
        "name short_name website city country", "legal_line monogram accent web_form logo logo_in_code"
    )

    def maybe(name: str, limit: int = TITLE_LIMIT) -> str:
        return fields[name].text(limit, blank=True) if name in fields else ""

    accent = maybe("accent", 7)
    if accent and not re.fullmatch(r"#[0-9A-Fa-f]{6}", accent):
        raise fields["accent"].error(_("a colour is written like #0B6E63"), "colour")
    return Organisation(
        name=fields["name"].text(TITLE_LIMIT),
        short_name=fields["short_name"].text(60),
        legal_line=maybe("legal_line"),
        monogram=maybe("monogram", 3),
        website=fields["website"].url(blank=True),
        city=fields["city"].text(TITLE_LIMIT, blank=True),
        country=fields["country"].country(),
        accent=accent,
        web_form=fields["web_form"].url(blank=True) if "web_form" in fields else "",
        logo=fields["logo"].name(blank=True) if "logo" in fields else "",
        logo_in_code="logo_in_code" in fields and fields["logo_in_code"].flag(),
    )


def _project(node: Node) -> Project:
    fields = node.fields("id name starts ends goal_events goal_reached", "funding partners")
    starts, ends = fields["starts"].day(), fields["ends"].day()
    if ends < starts:
        raise fields["ends"].error(_("it ends before it starts"), "order")
    funding, partners = fields.get("funding"), fields.get("partners")
    return Project(
        id=fields["id"].name(),
        name=fields["name"].texts(TITLE_LIMIT),
        starts=starts,
        ends=ends,
        goal_events=fields["goal_events"].integer(0, 10**5),
        goal_reached=fields["goal_reached"].integer(0, 10**7),
        funding=None if funding is None or funding.value is None else parse_funding(funding, (starts, ends)),
        partners=tuple(map(partner_from, partners.items(MAX_PARTNERS))) if partners else (),
    )


def _event(node: Node) -> EventItem:
    fields = node.fields(
        "id name code place city country mode starts ends time_zone goal_reached project", "description"
    )
    code = fields["code"].text(32)
    if not _CODE.fullmatch(code):
        raise fields["code"].error(_("use lower-case letters, digits and hyphens, at most 32"), "code")
    starts, ends = fields["starts"].moment(), fields["ends"].moment()
    if ends <= starts:
        raise fields["ends"].error(_("it ends before it starts"), "order")
    return EventItem(
        id=fields["id"].name(),
        name=fields["name"].text(TITLE_LIMIT),
        code=code,
        place=fields["place"].text(TITLE_LIMIT, blank=True),
        city=fields["city"].text(TITLE_LIMIT, blank=True),
        country=fields["country"].country(),
        mode=fields["mode"].one_of(("in_person", "online")),
        starts=starts,
        ends=ends,
        time_zone=fields["time_zone"].time_zone(),
        goal_reached=fields["goal_reached"].integer(0, 10**7),
        project=fields["project"].name(blank=True),
        description=fields["description"].text(DESCRIPTION_LIMIT, blank=True)
        if "description" in fields
        else "",
    )


def _purpose(node: Node) -> Purpose:
    fields = node.fields("id asks_question needs")
    return Purpose(fields["id"].name(), fields["asks_question"].flag(), fields["needs"].one_of(NEEDS))


def _wording(node: Node) -> Wording:
    fields = node.fields("id purpose version language title text valid_from", "valid_to verify")
    until = fields.get("valid_to")
    return Wording(
        id=fields["id"].name(),
        purpose=fields["purpose"].name(),
        version=fields["version"].integer(1, 10**5),
        language=fields["language"].language(),
        title=fields["title"].text(TITLE_LIMIT),
        text=fields["text"].text(TEXT_LIMIT, multiline=True),
        valid_from=fields["valid_from"].day(),
        valid_to=None if until is None or until.value is None else until.day(),
        verify="verify" in fields and fields["verify"].flag(),
    )


def _notice(node: Node) -> Notice:
    fields = node.fields("language short full url")
    return Notice(
        fields["language"].language(),
        fields["short"].text(TEXT_LIMIT, multiline=True),
        fields["full"].text(NOTICE_LIMIT, multiline=True),
        fields["url"].url(blank=True),
    )


def _interest(node: Node) -> Interest:
    fields = node.fields("id title", "detail url from_age")
    return Interest(
        fields["id"].name(),
        fields["title"].texts(TITLE_LIMIT),
        fields["detail"].texts(TITLE_LIMIT) if "detail" in fields else {},
        fields["url"].url(blank=True) if "url" in fields else "",
        fields["from_age"].integer(0, 120) if "from_age" in fields else None,
    )


def _id_and_title(node: Node) -> tuple[str, Mapping[str, str]]:
    fields = node.fields("id title")
    return fields["id"].name(), fields["title"].texts(TITLE_LIMIT)


def _checklist(node: Node) -> Checklist:
    fields = node.fields("id title items")
    items: list[ChecklistItem] = []
    for item in fields["items"].items(MAX_CHECKLIST_ITEMS):
        found = ChecklistItem(*_id_and_title(item))
        if any(other.id == found.id for other in items):
            raise item.error(_("the same one is there twice"), "repeated")
        items.append(found)
    return Checklist(fields["id"].name(), fields["title"].texts(TITLE_LIMIT), tuple(items))


def _flyer(node: Node) -> Flyer:
    fields = node.fields("id template url campaign texts", "photo code")
    return Flyer(
        fields["id"].name(),
        fields["template"].name(),
        fields["url"].url(),
        fields["campaign"].name(),
        {language: _flyer_text(text) for language, text in fields["texts"].by_language().items()},
        fields["photo"].name(blank=True) if "photo" in fields else "",
        read_code(fields["code"]) if "code" in fields else None,
    )


def _flyer_text(node: Node) -> FlyerText:
    fields = node.fields("kicker title promise heading body call", "short_address")
    short = fields["short_address"].text(80, blank=True) if "short_address" in fields else ""
    return FlyerText(
        **{
            name: fields[name].text(TITLE_LIMIT, blank=True)
            for name in ("kicker", "promise", "heading", "call")
        },
        title=fields["title"].text(TITLE_LIMIT, multiline=True),
        body=fields["body"].text(TEXT_LIMIT, blank=True, multiline=True),
        short_address=short,
    )


def _known_answer(node: Node) -> KnownAnswer:
    fields = node.fields("id category question answer")
    question = fields["question"].texts(TITLE_LIMIT)
    answer = {
        language: text.text(TEXT_LIMIT, multiline=True)
        for language, text in fields["answer"].by_language().items()
    }
    for language in question.keys() ^ answer.keys():
        where = fields["answer" if language in question else "question"]
        reason = _("the language “{language}” is missing, and the other one has it")
        raise where.error(reason.format(language=language), "language")
    return KnownAnswer(fields["id"].name(), fields["category"].texts(TITLE_LIMIT), question, answer)


def _counter(node: Node) -> OwnCounter:
    fields = node.fields("id title", "counts_as")
    counts_as = fields.get("counts_as")
    counter = OwnCounter(
        fields["id"].name(),
        fields["title"].texts(COUNTER_TITLE_LIMIT),
        "" if counts_as is None or counts_as.value == "" else counts_as.one_of(COUNTS_AS[1:]),
    )
    if counter.id in COUNTERS:
        raise fields["id"].error(_("every stand has a counter with this name already"), "taken")
    return counter


def _forms(node: Node) -> tuple[Form, ...]:
    """Read forms: each has to be right to be published; on a laptop a wrong one is left out."""
    good: list[Form] = []
    for item in node.items(MAX_FORMS):
        try:
            good.append(parse_form(item))
        except DocumentError as error:
            if node.refuse_unknown:
                raise
            log.warning("a form can't be used: %s", error.code)
    return tuple(good)


def _short_links(node: Node) -> str:
    base = node.fields("base")["base"]
    text = base.text(LONGEST_BASE)
    if not is_short_base(text):
        raise base.error(_("short links begin like https://example.org/l/, with a slash at the end"), "base")
    return text


def _consent_age(node: Node) -> Mapping[str, int]:
    return {node.key_as_country(country): age.integer(10, 18) for country, age in node.mapping().items()}


def _check_together(document: OrganisationDocument, fields: Mapping[str, Node]) -> None:
    named = (
        *("projects", "events", "purposes", "interests", "themes", "heard", "flyers", "forms", "counters"),
        *("answers", "checklists", "templates", "pictures", "codes"),
    )
    for name in named:
        _check_unique(name, getattr(document, name), lambda item: item.id)
    _check_unique("events", document.events, lambda item: item.code)
    _check_unique("notices", document.notices, lambda item: item.language)
    _check_unique("wordings", document.wordings, lambda item: (item.purpose, item.version, item.language))
    _check_unique("wordings", document.wordings, lambda item: (item.id, item.version, item.language))
    if not document.purposes:
        raise fields["purposes"].error(_("at least one purpose is needed"), "empty")
    purposes = {item.id for item in document.purposes}
    for place, wording in enumerate(document.wordings):
        if wording.purpose not in purposes:
            where = f"wordings[{place}].purpose"
            raise DocumentError(
                where, _("there is no purpose “{id}”").format(id=wording.purpose), "reference"
            )
    pictures = {"", *(item.id for item in document.pictures)}
    named_pictures = [("organisation.logo", document.organisation.logo)]
    named_pictures += [(f"flyers[{place}].photo", item.photo) for place, item in enumerate(document.flyers)]
    for where, picture in named_pictures:
        if picture not in pictures:
            raise DocumentError(where, _("there is no picture “{id}”").format(id=picture), "reference")
    projects = {item.id for item in document.projects}
    for place, event in enumerate(document.events):
        if event.project and event.project not in projects:
            where = f"events[{place}].project"
            raise DocumentError(where, _("there is no project “{id}”").format(id=event.project), "reference")
    worded = {item.purpose for item in document.wordings}
    for place, purpose in enumerate(document.purposes):
        if purpose.id not in worded:
            raise DocumentError(
                f"purposes[{place}]", _("it has no wording, so nobody could agree to it"), "wording"
            )


def _check_unique(name: str, items: tuple[Any, ...], key: Callable[[Any], object]) -> None:
    seen: set[object] = set()
    for place, item in enumerate(items):
        if key(item) in seen:
            raise DocumentError(f"{name}[{place}]", _("the same one is there twice"), "repeated")
        seen.add(key(item))
