"""The newest briefing decides; before the first one, the document that the start brought."""

from typing import Any

import pytest
import sqlalchemy as sa

from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.document_node import DocumentError
from stojnica.services.shown_organisation import (
    NOTHING_DECIDED,
    OfficeTotals,
    keep_document,
    shown_organisation,
)
from stojnica.storage.store import Store
from stojnica.storage.tables import BRIEFING
from stojnica.storage.unit import UnitOfWork


def a_document(name: str = "Voluntariat", **more: Any) -> dict[str, Any]:
    wording = {"id": "w", "purpose": "answer", "version": 1, "language": "sl", "valid_from": "2024-01-01"}
    return {
        "format": 1,
        "organisation": {"name": name, "short_name": name, "website": "", "city": "", "country": "SI"},
        "purposes": [{"id": "answer", "asks_question": True, "needs": "any"}],
        "wordings": [wording | {"title": "Odgovorite mi", "text": "Enkrat.", "valid_to": None}],
        "notices": [{"language": "sl", "short": "Kratko.", "full": "Celo.", "url": ""}],
    } | more


def brief(store: Store, version: int, value: dict[str, Any]) -> None:
    def put(unit: UnitOfWork) -> None:
        row = {"version": version, "body": canonical_bytes(value), "signature": b"", "received_at": 0}
        unit.connection.execute(sa.insert(BRIEFING).values(**row))
        unit.commit()

    store.write(put).result()


def keep(store: Store, value: dict[str, Any]) -> None:
    def put(unit: UnitOfWork) -> None:
        keep_document(unit, value)
        unit.commit()

    store.write(put).result()


def test_before_anything_was_decided_the_document_is_empty(store: Store) -> None:
    shown = store.read(shown_organisation).result()

    assert shown.document is NOTHING_DECIDED
    assert not shown.is_from_office


def test_a_kept_document_serves_until_the_first_briefing(store: Store) -> None:
    keep(store, a_document("Start"))
    before = store.read(shown_organisation).result()

    brief(store, 1, a_document("Office"))

    after = store.read(shown_organisation).result()
    assert (before.document.organisation.name, before.is_from_office) == ("Start", False)
    assert (after.document.organisation.name, after.is_from_office) == ("Office", True)


def test_the_newest_briefing_decides_and_brings_totals(store: Store) -> None:
    totals = {"reached": 1268, "contacts": 300, "as_of": 5}
    brief(store, 1, a_document("Old"))
    brief(store, 2, a_document("New", briefing={"version": 2, "totals": totals}))

    shown = store.read(shown_organisation).result()

    assert shown.document.organisation.name == "New"
    assert shown.totals == OfficeTotals(1268, 300, 5)


@pytest.mark.parametrize("totals", [None, [], {"reached": "many"}, {"reached": 1, "contacts": 2}])
def test_strange_totals_are_none(store: Store, totals: object) -> None:
    brief(store, 1, a_document(briefing={"totals": totals}))

    assert store.read(shown_organisation).result().totals is None


def test_a_briefing_that_this_version_can_not_read_leaves_the_kept_document(store: Store) -> None:
    keep(store, a_document("Start"))
    brief(store, 1, {"format": 2})

    assert store.read(shown_organisation).result().document.organisation.name == "Start"


def test_a_wrong_document_is_not_kept(store: Store) -> None:
    with pytest.raises(DocumentError):
        keep(store, {"format": 1})

    assert store.read(shown_organisation).result().document is NOTHING_DECIDED
