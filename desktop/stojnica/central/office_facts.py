"""What the organisation's document says, as facts of the office: only what is new or differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.central.trust import judge_subjects
from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import event_from
from stojnica.domain.fact import Fact, StoredFact
from stojnica.domain.ids import derived_id, new_id
from stojnica.domain.order import SubjectHistory
from stojnica.i18n import gettext as _
from stojnica.records.briefing_events import event_id_of
from stojnica.records.projection import rows_of
from stojnica.records.typed import EVENT

CHANNEL = "office"
_LISTS = (
    ("projects", kinds.PROJECT_DESCRIBED),
    ("purposes", kinds.PURPOSE_DESCRIBED),
    ("interests", kinds.INTEREST_DESCRIBED),
    ("themes", kinds.THEME_DESCRIBED),
    ("heard", kinds.HEARD_DESCRIBED),
    ("flyers", kinds.FLYER_DESCRIBED),
    ("answers", kinds.ANSWER_DESCRIBED),
)
_READ_BY_VISITORS = ("purpose", "title", "text")


@dataclass(frozen=True, slots=True)
class OfficeItem:
    """Hold one thing that the office says."""

    kind: str
    subject_id: UUID
    data: Mapping[str, Any]


def office_items(document: Mapping[str, Any], branch_id: UUID) -> Iterator[OfficeItem]:
    """Take a checked document apart into what each fact is about."""

    def item(kind: str, name: str, data: Mapping[str, Any], position: int = 0) -> OfficeItem:
        return OfficeItem(kind, derived_id(branch_id, kind, name), {**data, "position": position})

    yield item(kinds.ORGANISATION_DESCRIBED, "organisation", document["organisation"])
    yield item(kinds.RULES_DESCRIBED, "rules", {"consent_age": document.get("consent_age", {})})
    for name, kind in _LISTS:
        for position, data in enumerate(document.get(name, [])):
            yield item(kind, data["id"], data, position)
    for position, data in enumerate(document["notices"]):
        yield item(kinds.NOTICE_PUBLISHED, data["language"], data, position)
    for position, data in enumerate(document["wordings"]):
        # Each version is a thing of its own: a proof of consent points to it for ever.
        name = f"{data['id']}/{data['version']}/{data['language']}"
        yield item(kinds.WORDING_PUBLISHED, name, data, position)
    for data in document.get("events", []):
        event_id = event_id_of(branch_id, data)
        yield OfficeItem(kinds.EVENT_CREATED, event_id, event_from(event_id, data).data())


def new_facts(
    connection: Connection, branch_id: UUID, items: Iterable[OfficeItem], now_us: int
) -> list[Fact]:
    """Give the facts that bring what is known at the centre up to these items; none when nothing differs.

    Raises:
        UserFacingError: words that visitors have read already were changed under the same version.
    """
    found: list[Fact] = []
    wanted = list(items)
    verdicts = judge_subjects(connection, branch_id, [item.subject_id for item in wanted])
    for item in wanted:
        history = SubjectHistory(verdicts[item.subject_id].trusted)
        if item.kind == kinds.EVENT_CREATED:
            kind, data = _event_change(history, item)
        else:
            kind, data = item.kind, _office_change(history, item)
        if data is not None:
            found.append(_fact(kind, item, data, history, now_us))
    return found


def _fact(kind: str, item: OfficeItem, data: Mapping[str, Any], history: SubjectHistory, now_us: int) -> Fact:
    seen = history.latest(history.facts)
    return Fact(
        fact_id=new_id(),
        kind=kind,
        subject_id=item.subject_id,
        data=data,
        captured_at=now_us,
        event_id=item.subject_id if item.kind == kinds.EVENT_CREATED else None,
        supersedes=tuple(sorted(one.content_hash for one in seen)),
        channel=CHANNEL,
    )


def _office_change(history: SubjectHistory, item: OfficeItem) -> Mapping[str, Any] | None:
    told = _of(history, [item.kind])
    if not told:
        return item.data
    latest = max(history.latest(told), key=lambda one: one.content_hash)
    if dict(latest.fact.data) == dict(item.data):
        return None
    if item.kind == kinds.WORDING_PUBLISHED:
        _check_words_are_the_same(latest.fact.data, item.data)
    return item.data


def _event_change(history: SubjectHistory, item: OfficeItem) -> tuple[str, Mapping[str, Any] | None]:
    if not _of(history, [kinds.EVENT_CREATED]):
        return kinds.EVENT_CREATED, item.data
    known = rows_of(history)[EVENT][0]
    # Whether an event is closed isn't the document's to say.
    changed = {name: value for name, value in item.data.items() if name != "closed" and known[name] != value}
    return kinds.EVENT_CHANGED, changed or None


def _of(history: SubjectHistory, wanted: Sequence[str]) -> list[StoredFact]:
    return [one for one in history.facts if one.fact.kind in wanted]


def _check_words_are_the_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    if all(old.get(name) == new.get(name) for name in _READ_BY_VISITORS):
        return
    raise UserFacingError(
        _("The wording “{id}”, version {version} ({language}), was published with other words.").format(
            id=new["id"], version=new["version"], language=new["language"]
        ),
        safe=_("Nothing was changed. Consents rest on the words that were published."),
        next_step=_("Give the new words a new version number."),
        code="wording_changed",
    )
