"""Each place that takes a text, and each text that a stand may meet: kept whole, or refused in words."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.unit.bad_texts import KEPT, REFUSED, TIDIED

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.text import BIDI_CONTROLS
from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.records.funding_overrules import overrules_of
from stojnica.records.group_visits import group_visits
from stojnica.services.checklists import OWN_ITEMS, add_item
from stojnica.services.closing import close_stand
from stojnica.services.closing_page import ClosingViewModel
from stojnica.services.contact import ContactViewModel
from stojnica.services.contact_defaults import event_defaults, keep_event_defaults
from stojnica.services.estimate import EstimateForm, read_estimate
from stojnica.services.events import add_event
from stojnica.services.funding_overrule import BrokenRule, FundingCase, OverruleWish, overrule
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.services.handover import TO_ORDER, add_line, draft_of
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.kiosk_state import KioskPhase, KioskSettings
from stojnica.services.missed_questions import keep_missed_question
from stojnica.services.slips import import_sheet
from stojnica.services.stand import StandContext, choose_operator
from stojnica.services.tasks import DeferredRunner
from stojnica.services.team import add_member
from stojnica.storage.memory import recall
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

# A sheet is text as a whole before it has cells, and a cell with that many lines is no cell.
AS_A_SHEET = {"zero": "no text", "half a character": "no text", "empty lines": "1 cell"}


@dataclass
class Stand:
    """Hold what the places are reached by."""

    context: StandContext
    runner: DeferredRunner
    event: Event
    store: Store
    clock: SetClock

    def newest(self) -> Contact | None:
        def read(connection: Any) -> Contact | None:
            branch_id = branch_of(connection)
            lines = newest_contacts(connection, branch_id, self.event.event_id, 1)
            return contact(connection, branch_id, lines[0].subject_id) if lines else None

        return self.store.read(read).result()


@pytest.fixture
def stand(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any], clock: SetClock
) -> Stand:
    return Stand(context, runner, lupa, context.store, clock)


Outcome = tuple[str | None, str]


Place = Callable[[Stand, str], Outcome]


def _message(problems: Any, message: Any) -> str:
    if problems:
        return str(problems[0].message)
    return " ".join((message.what, message.safe)) if message is not None else ""


def _typed(field: str) -> Place:
    def type_in(stand: Stand, text: str) -> Outcome:
        page = ContactViewModel(stand.context)
        page.refresh()
        stand.runner.run()
        for name, value in {"first_name": "Tja\u0161a", "email": "t@example.org", field: text}.items():
            page.type(name, value)
            page.leave(name)
        page.choose_band(page.state.bands[2].id)
        page.tick_box("answer", True)
        before = stand.newest()
        page.save()
        stand.runner.run()
        found = stand.newest()
        if found is None or found == before:
            return None, _message(page.state.problems, page.state.message)
        return str(getattr(found, field)), ""

    return type_in


def _in_kiosk(field: str) -> Place:
    def type_in(stand: Stand, text: str) -> Outcome:
        kiosk = KioskViewModel(stand.context, KioskSettings(language="en"))
        kiosk.open()
        stand.runner.run()
        kiosk.choose("interests", "i1")
        kiosk.next()
        for name, value in {"first_name": "Tja\u0161a", "email": "t@example.org", field: text}.items():
            kiosk.type(name, value)
            if kiosk.state.question(name) is not None:
                kiosk.leave(name)
        ages = kiosk.state.question("age_band")
        assert ages is not None
        kiosk.choose("age_band", ages.options[2].id)
        kiosk.next()
        said = _message(kiosk.state.problems, None)
        kiosk.tick_box("answer", True)
        if field == "question":
            kiosk.type("question", text)
        kiosk.submit()
        said = said or _message(kiosk.state.problems, kiosk.state.message)
        stand.runner.run()
        if kiosk.state.phase is not KioskPhase.THANKS:
            return None, said
        found = stand.newest()
        assert found is not None
        return str(getattr(found, field)), ""

    return type_in


def _done(work: Callable[[], Any]) -> Outcome:
    try:
        return str(work()), ""
    except UserFacingError as error:
        return None, error.sentences()


def _defaults(stand: Stand, text: str) -> Outcome:
    def work() -> str:
        keep_event_defaults(stand.store, stand.event.event_id, text, "").result()
        return stand.store.read(lambda c: event_defaults(c, stand.event.event_id)).result().town

    return _done(work)


def _operator(stand: Stand, text: str) -> Outcome:
    return _done(lambda: choose_operator(stand.store, text).result())


def _member(stand: Stand, text: str) -> Outcome:
    return _done(lambda: add_member(stand.store, text, "", is_experienced=False, work="other").result().name)


def _event(field: str) -> Place:
    def add(stand: Stand, text: str) -> Outcome:
        values = {"name": "Sejem", "code": f"s-{new_id().hex[-8:]}", field: text}
        event = Event(event_id=new_id(), starts="2024-09-21T10:00", ends="2024-09-21T18:00", **values)
        return _done(lambda: getattr(add_event(stand.store, event).result(), field))

    return add


def _line(stand: Stand, text: str) -> Outcome:
    def work() -> str:
        event_id = stand.event.event_id
        add_line(stand.store, event_id, TO_ORDER, text).result()
        draft = stand.store.read(lambda c: draft_of(c, branch_of(c), event_id)).result()
        return draft.to_order[-1]

    return _done(work)


def _item(stand: Stand, text: str) -> Outcome:
    def own() -> dict[str, str]:
        kept = stand.store.read(lambda c: recall(c, OWN_ITEMS, {})).result()
        return dict(kept.get("packing", {}).get("added", {}))

    def work() -> str:
        before = own()
        add_item(stand.store, "packing", text).result()
        (added,) = own().keys() - before.keys()
        return own()[added]

    return _done(work)


def _note(stand: Stand, text: str) -> Outcome:
    close_stand(stand.store, stand.event.event_id).result()
    page = ClosingViewModel(stand.context)
    page.refresh()
    stand.runner.run()
    page.type("worked", text)
    page.save()
    stand.runner.run()
    problem = page.state.problem
    if problem is not None:
        return None, problem.message
    again = ClosingViewModel(stand.context)
    again.refresh()
    stand.runner.run()
    return again.state.form.worked, ""


def _estimate(stand: Stand, text: str) -> Outcome:
    form = EstimateForm("120", method=text)
    close_stand(stand.store, stand.event.event_id).result()
    page = ClosingViewModel(stand.context)
    page.refresh()
    stand.runner.run()
    _read, problems = read_estimate(form)
    page.save_estimate(form)
    stand.runner.run()
    return (None, problems[0].message) if problems else (page.state.estimate.method, "")


def _question(stand: Stand, text: str) -> Outcome:
    return _done(
        lambda: keep_missed_question(stand.store, text, language="sl", event_id=stand.event.event_id).result()
    )


def _decider(stand: Stand, text: str) -> Outcome:
    event_id = stand.event.event_id
    rule = BrokenRule("eu_height", "height", "9 mm")
    case = FundingCase(event_id, "ab" * 32, "tabori", "promise", "A6", "sl", (rule,))
    wish = OverruleWish("eu_height", "Letaki so že natisnjeni.", text, "4711")

    def work() -> str:
        overrule(stand.store, stand.context.pin, case, wish)
        return stand.store.read(lambda c: overrules_of(c, branch_of(c), event_id)).result()[0].operator

    return _done(work)


def _sheet(stand: Stand, text: str) -> Outcome:
    cell = text.replace('"', '""')
    data = f'ime;e-po\u0161ta;starost;novice\r\n"{cell}";t@example.org;18\u201330;x\r\n'

    def work() -> str:
        body = data.encode("utf-8-sig", "surrogatepass")
        report = import_sheet(
            stand.store, stand.event.event_id, body, collected_on="20. 9. 2024", versions="3"
        )
        (refused,) = report.attention or (None,)
        if refused is not None:
            raise UserFacingError(" ".join(refused.reasons))
        found = stand.newest()
        assert found is not None
        return found.first_name

    return _done(work)


def _school(stand: Stand, text: str) -> Outcome:
    page = GroupVisitViewModel(stand.context)
    page.refresh()
    stand.runner.run()
    for name, value in (("school", text), ("pupils", "24")):
        page.type(name, value)
    event_id = stand.event.event_id

    def schools() -> list[str]:
        visits = stand.store.read(lambda c: group_visits(c, branch_of(c), event_id)).result()
        return [item.visit.school for item in visits]

    before = schools()
    page.save()
    stand.runner.run()
    after = schools()
    if len(after) == len(before):
        return None, _message(page.state.problems, page.state.message)
    for known in before:
        after.remove(known)
    return after[0], ""


PLACES: dict[str, Place] = {
    "typed first name": _typed("first_name"),
    "typed town": _typed("town"),
    "typed question": _typed("question"),
    "kiosk first name": _in_kiosk("first_name"),
    "kiosk question": _in_kiosk("question"),
    "defaults": _defaults,
    "who types": _operator,
    "member": _member,
    "event name": _event("name"),
    "event place": _event("place"),
    "to order": _line,
    "list": _item,
    "debrief": _note,
    "estimate": _estimate,
    "missed question": _question,
    "who overrules": _decider,
    "school": _school,
    "sheet": _sheet,
}


@pytest.mark.parametrize("place", PLACES)
def test_whatever_people_are_called_is_kept_as_it_is(stand: Stand, place: str) -> None:
    found = {name: PLACES[place](stand, text) for name, text in KEPT.items()}

    assert found == {name: (unicodedata.normalize("NFC", text), "") for name, text in KEPT.items()}


@pytest.mark.parametrize("place", PLACES)
def test_what_is_not_seen_is_left_out(stand: Stand, place: str) -> None:
    found = {name: PLACES[place](stand, text)[0] for name, (text, _tidy) in TIDIED.items()}

    assert found == {name: tidy for name, (_text, tidy) in TIDIED.items()}


@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_kept_is_refused_in_words_and_the_next_one_is_served(stand: Stand, place: str) -> None:
    put = PLACES[place]
    for number, (name, (typed, why)) in enumerate(REFUSED.items()):
        following = f"Ana {chr(ord('A') + number)}"

        kept, said = put(stand, typed)
        served, _said = put(stand, following)

        assert kept is None, name
        assert (AS_A_SHEET.get(name, why) if place == "sheet" else why) in said, name
        assert not BIDI_CONTROLS & set(said), name
        assert served == following, name
