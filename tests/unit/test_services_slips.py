"""A sheet is taken in row by row: each is accounted for, once, and no proof is made up."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import CancelledError, UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import NIL, new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.slip_report import ImportReport
from stojnica.records.contact_queries import Contact, contact
from stojnica.records.typed import SIGNUP
from stojnica.services.capture import save_signup, void_signup, withdraw_consent
from stojnica.services.events import add_event, change_event
from stojnica.services.slips import UNIT_ROWS, import_sheet
from stojnica.services.tasks import Progress
from stojnica.storage.store import Store
from stojnica.storage.tables import SHEET_ROW

HEADINGS = "št.;ime;priimek;e-pošta;telefon;starost;novice;klic;opomba"
MESS = [
    "1;Ana;Črnč;ana@example.org;;18–30;x;;",
    "2;Bor;Đurić;bor@example.org;031 345 095;18–30;x;da;Kdaj?",
    "3;Črtomir;;crt@gmial.com;;31+;x;;",  # a likely slip of the pen: a warning
    "4;Mala;Skrita;mala@example.org;;pod 15;x;;",  # too young, nobody agreed for her
    "5;Nič;Označeno;nic@example.org;;18–30;;;",
    "6;Tiho;Pismo;;;31+;x;;",  # no way to reach him
    "2;Druga;Oseba;druga@example.org;;31+;x;;",  # the same number, another person
    "1;Ana;Črnč;ana@example.org;;18–30;x;;",  # the same row again
    "9;Pre;Več;pre@example.org;;18–30;x;;;preveč",
    ';"Navednica;Odprta;nav@example.org;;31+;x;;',
]
MARKS = {"taken": 2, "warned": 1, "attention": 6, "already": 1}


class Stops:
    """Stop an import, or do something else, when it comes to a row."""

    def __init__(self, at: int, action: Callable[[], object] | None = None) -> None:
        self._at = at
        self._action = action

    def report(self, progress: Progress) -> None:
        if progress.done == self._at:
            if self._action is None:
                raise CancelledError
            self._action()


def sheet(*rows: str, headings: str = HEADINGS, encoding: str = "utf-8-sig") -> bytes:
    return "\r\n".join((headings, *rows)).encode(encoding)


def many(count: int) -> bytes:
    return sheet(*(f"{n};Ime{n};;p{n}@example.org;;18–30;x;;" for n in range(1, count + 1)))


def numbers(report: ImportReport) -> dict[str, int]:
    told = report.to_json()
    found = {name: told[name] for name in ("taken", "warned", "attention", "already")}
    counts = {name: value if isinstance(value, int) else len(value) for name, value in found.items()}
    assert sum(counts.values()) == told["rows"]
    return counts


def contacts(store: Store, event_id: UUID | None = None) -> list[Contact]:
    def read(connection: sa.Connection) -> list[Contact]:
        query = sa.select(SIGNUP.c.subject_id).order_by(SIGNUP.c.captured_at, SIGNUP.c.first_name)
        if event_id is not None:
            query = query.where(SIGNUP.c.event_id == event_id)
        found = (contact(connection, NIL, subject) for subject in connection.execute(query).scalars().all())
        return [item for item in found if item is not None]

    return store.read(read).result()


def kept_rows(store: Store) -> list[Any]:
    query = sa.select(SHEET_ROW).order_by(SHEET_ROW.c.row_number)
    return store.read(lambda connection: list(connection.execute(query).all())).result()


def take(store: Store, event: Event, data: bytes, **answers: Any) -> ImportReport:
    told = {"collected_on": "20. 9. 2024", "versions": "3"} | answers
    return import_sheet(store, event.event_id, data, **told)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_each_row_of_a_messy_sheet_is_accounted_for_once(
    store: Store, lupa: Event, office: Any, encoding: str
) -> None:
    report = take(store, lupa, sheet(*MESS, encoding=encoding))

    assert numbers(report) == MARKS
    assert [(row.row, row.number, row.codes) for row in report.attention] == [
        (5, "4", ("guardian",)),
        (6, "5", ("purpose",)),
        (7, "6", ("contact",)),
        (8, "2", ("number",)),
        (10, "9", ("cells",)),
        (11, "", ("cells",)),
    ]
    assert sorted(item.first_name for item in contacts(store)) == ["Ana", "Bor", "Črtomir"]


def test_the_same_sheet_again_takes_nobody_twice_and_asks_for_the_same_attention(
    store: Store, lupa: Event, office: Any
) -> None:
    first = take(store, lupa, sheet(*MESS))
    again = take(store, lupa, sheet(*MESS))

    assert numbers(again) == {"taken": 0, "warned": 0, "attention": 6, "already": 4}
    assert again.attention == first.attention
    assert len(contacts(store)) == 3


def test_of_a_row_that_needs_attention_only_number_reason_and_keyed_hash_stay(
    store: Store, lupa: Event, office: Any, tmp_path: Any
) -> None:
    take(store, lupa, sheet(*MESS))
    rows = [row for row in kept_rows(store) if row.outcome == "attention"]

    assert [(row.row_number, row.slip_number, row.reason, row.subject_id) for row in rows] == [
        (5, "4", "guardian", None),
        (6, "5", "purpose", None),
        (7, "6", "contact", None),
        (8, "2", "number", None),
        (10, "9", "cells", None),
        (11, "", "cells", None),
    ]
    everything = store.read(_everything).result()
    assert b"Bor" in everything
    assert not [name for name in (b"Mala", b"Skrita", b"Tiho", b"Druga", b"Navednica") if name in everything]


def _everything(connection: sa.Connection) -> bytes:
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    found = [row for name in tables for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()]
    cells = (cell for row in found for cell in row if isinstance(cell, str | bytes))
    return b"\n".join(cell.encode() if isinstance(cell, str) else cell for cell in cells)


def test_a_row_that_was_put_right_is_taken_and_its_neighbours_are_there_already(
    store: Store, lupa: Event, office: Any
) -> None:
    take(store, lupa, sheet(*MESS[:5]))
    report = take(store, lupa, sheet(*MESS[:4], "5;Zdaj;Označeno;nic@example.org;;18–30;x;;"))

    assert numbers(report) == {"taken": 1, "warned": 0, "attention": 1, "already": 3}


def test_the_export_of_a_web_form_is_taken_in_with_its_columns_named(
    store: Store, lupa: Event, office: Any
) -> None:
    headings = "Čas\tKako ti je ime?\tNaslov\tObveščajte me\tNepotrebno"
    rows = ("2024-09-19 12:00\tŽana\tzana@example.org\tDa\tx", "2024-09-18 12:00\tŠe kdo\t\tDa\t")
    data = sheet(*rows, headings=headings, encoding="cp1250")
    mapping = [
        "Čas=collected_on",
        "Kako ti je ime?=first_name",
        "Naslov=email",
        "Obveščajte me=newsletter",
    ]

    report = take(store, lupa, data, channel="web", mapping=mapping, versions="newsletter=2")

    (zana,) = contacts(store)
    assert numbers(report) == {"taken": 0, "warned": 1, "attention": 1, "already": 0}
    assert report.ignored_columns == ("Nepotrebno",)
    assert (zana.first_name, zana.channel, zana.collected_on) == ("Žana", "web", "2024-09-19")
    assert [(item.purpose, item.wording_version) for item in zana.consents] == [("newsletter", 2)]


def test_a_box_that_is_not_on_the_slip_leaves_no_decision(store: Store, lupa: Event, office: Any) -> None:
    take(store, lupa, sheet("1;Ana;Črnč;ana@example.org;;18–30;x;;"))

    (ana,) = contacts(store)
    decided = {item.purpose: item.is_granted for item in ana.consents}
    assert decided == {"newsletter": True, "contact": False}


@pytest.mark.parametrize("unknown", [{"collected_on": ""}, {"versions": ""}, {"versions": "9"}])
def test_without_day_or_wording_a_consent_is_unproven_until_the_sheet_comes_with_both(
    store: Store, lupa: Event, office: Any, unknown: dict[str, str]
) -> None:
    data = sheet(*MESS[:2])
    first = take(store, lupa, data, **unknown)
    before = [(item.purpose, item.is_unproven) for who in contacts(store) for item in who.consents]

    again = take(store, lupa, data)
    third = take(store, lupa, data)

    assert first.unproven == 2
    granted = {("newsletter", True), ("contact", True)}
    assert granted <= set(before)
    assert (again.already, again.proven, third.already, third.proven) == (2, 2, 2, 0)
    proven = [item for who in contacts(store) for item in who.consents if item.is_granted]
    assert [(item.is_unproven, item.wording_version) for item in proven] == [(False, 3)] * 3


def test_a_consent_that_was_withdrawn_stays_so_when_the_proof_comes(
    store: Store, lupa: Event, office: Any
) -> None:
    data = sheet(MESS[0])
    take(store, lupa, data, versions="")
    (ana,) = contacts(store)
    withdraw_consent(store, ana.subject_id, ["newsletter"]).result()

    report = take(store, lupa, data)

    (ana,) = contacts(store)
    assert report.proven == 0
    assert not [item for item in ana.consents if item.is_granted]


def test_a_contact_that_was_voided_does_not_come_back_with_its_sheet(
    store: Store, lupa: Event, office: Any
) -> None:
    take(store, lupa, sheet(MESS[0]), versions="")
    (ana,) = contacts(store)
    void_signup(store, ana.subject_id, "test").result()

    report = take(store, lupa, sheet(MESS[0]))

    assert (report.already, report.proven) == (1, 0)
    assert [item.is_voided for item in contacts(store)] == [True]


def test_who_signed_up_at_the_kiosk_is_taken_with_a_warning_in_the_same_event_alone(
    store: Store, lupa: Event, office: Any
) -> None:
    visitor = SignUp("Ana", email="Ana@Example.org", purposes=("newsletter",))
    evidence = ConsentEvidence("screen", "sl", {})
    save_signup(
        store, visitor, subject_id=new_id(), event_id=lupa.event_id, channel="kiosk", evidence=evidence
    ).result()
    other = add_event(store, Event(new_id(), "Sejem", "sejem", starts=lupa.starts, ends=lupa.ends)).result()

    here = take(store, lupa, sheet(MESS[0]))
    there = take(store, other, sheet(MESS[0]))

    assert [row.codes for row in here.warned] == [("same_person",)]
    assert numbers(there) == {"taken": 1, "warned": 0, "attention": 0, "already": 0}


def test_before_any_office_rows_are_kept_without_a_proof_and_proven_when_it_has_spoken(
    store: Store, lupa: Event, request: pytest.FixtureRequest
) -> None:
    first = take(store, lupa, sheet(*MESS[:2]))
    request.getfixturevalue("office")

    again = take(store, lupa, sheet(*MESS[:2]))

    assert (first.taken, first.unproven) == (2, 2)
    assert (again.already, again.proven) == (2, 2)


def test_themes_of_an_organisation_without_a_list_are_kept_without_a_warning(
    store: Store, lupa: Event
) -> None:
    data = sheet("Ana;ana@example.org;31+;x;Mir, Okolje", headings="ime;e-pošta;starost;novice;teme")

    report = take(store, lupa, data)

    (ana,) = contacts(store)
    assert report.taken == 1
    assert "Mir, Okolje" in ana.remark


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"collected_on": "21. 9. 2024"}, "collected_on"),
        ({"collected_on": "včeraj"}, "collected_on"),
        ({"versions": "tri"}, "wording"),
        ({"mapping": ["Ni takega=email"]}, "mapping"),
    ],
)
def test_an_answer_that_cannot_be_right_stops_before_the_first_row(
    store: Store, lupa: Event, office: Any, answers: dict[str, Any], code: str
) -> None:
    with pytest.raises(UserFacingError) as told:
        take(store, lupa, sheet(*MESS), **answers)

    assert told.value.code == code
    assert contacts(store) == []
    assert kept_rows(store) == []


def test_an_unknown_event_is_told(store: Store, office: Any) -> None:
    with pytest.raises(UserFacingError) as told:
        import_sheet(store, new_id(), sheet(*MESS))

    assert told.value.code == "event_unknown"


def test_a_closed_event_still_takes_its_slips(store: Store, lupa: Event, office: Any) -> None:
    closed = Event(**{name: getattr(lupa, name) for name in Event.__slots__} | {"is_closed": True})
    change_event(store, closed).result()

    assert take(store, lupa, sheet(MESS[0])).taken == 1


def test_a_stop_comes_between_two_units_and_the_same_sheet_goes_on(
    store: Store, lupa: Event, office: Any
) -> None:
    data = many(2 * UNIT_ROWS + 20)

    with pytest.raises(CancelledError):
        take(store, lupa, data, context=Stops(2 * UNIT_ROWS))
    stopped = len(contacts(store))
    report = take(store, lupa, data)

    assert stopped == 2 * UNIT_ROWS
    assert numbers(report) == {"taken": 20, "warned": 0, "attention": 0, "already": 2 * UNIT_ROWS}


def test_a_visitor_is_saved_while_a_sheet_is_taken_in(store: Store, lupa: Event, office: Any) -> None:
    visitor = SignUp("Živa", phone="+38631345095", purposes=("contact",))

    def save() -> object:
        evidence = ConsentEvidence("screen", "sl", {})
        return save_signup(
            store, visitor, subject_id=new_id(), event_id=lupa.event_id, channel="kiosk", evidence=evidence
        ).result()

    report = take(store, lupa, many(2 * UNIT_ROWS), context=Stops(UNIT_ROWS, save))

    assert report.taken == 2 * UNIT_ROWS
    assert len(contacts(store)) == 2 * UNIT_ROWS + 1


def test_a_sheet_that_comes_in_from_two_sides_brings_nobody_twice(
    store: Store, lupa: Event, office: Any
) -> None:
    data = many(2 * UNIT_ROWS)

    report = take(store, lupa, data, context=Stops(UNIT_ROWS, lambda: take(store, lupa, data)))

    assert numbers(report) == {"taken": UNIT_ROWS, "warned": 0, "attention": 0, "already": UNIT_ROWS}
    assert len(contacts(store)) == 2 * UNIT_ROWS


def test_another_laptop_cannot_tell_a_row_by_its_mark(
    store: Store, lupa: Event, office: Any, tmp_path_factory: pytest.TempPathFactory, clock: SetClock
) -> None:
    take(store, lupa, sheet(MESS[0]))
    (first,) = kept_rows(store)
    other = Store(tmp_path_factory.mktemp("other") / "stojnica.db", bytes(32), clock)
    try:
        other.prepare()
        add_event(other, lupa).result()
        take(other, lupa, sheet(MESS[0]))
        (second,) = kept_rows(other)
    finally:
        other.close()

    assert len(first.row_mark) == len(second.row_mark) == 32
    assert first.row_mark != second.row_mark


def test_nothing_of_a_person_gets_into_the_log(
    store: Store, lupa: Event, office: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        take(store, lupa, sheet(*MESS))

    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "10 rows" in said
    assert not [name for name in ("Ana", "Bor", "example.org", "345") if name in said]
