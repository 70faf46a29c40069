"""A briefing with a wrong form leaves the last good one in place."""

import json
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from stojnica.resources import resource
from stojnica.storage.good_forms import good_forms, keep_good_forms
from stojnica.storage.tables import SETTING


@pytest.fixture(autouse=True)
def _memory(connection: Connection) -> None:
    SETTING.create(connection)


def office_form(version: int) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(resource("forms", "person.json").read_text("utf-8"))
    return document | {"version": version}


def test_a_wrong_form_never_replaces_the_last_good_one(connection: Connection) -> None:
    keep_good_forms(connection, [office_form(2)])

    keep_good_forms(connection, [office_form(3) | {"pages": []}, "nonsense", {"id": "other"}])

    assert [(form.id, form.version) for form in good_forms(connection)] == [("person", 2)]


def test_a_form_that_the_office_takes_away_is_gone(connection: Connection) -> None:
    keep_good_forms(connection, [office_form(2)])

    keep_good_forms(connection, [])

    assert good_forms(connection) == ()
