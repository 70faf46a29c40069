"""A laptop in wrong hands may call as often as it likes: what it makes the centre keep has an end."""

from uuid import uuid4

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, hello, prove

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


def test_i14_lives_without_end_are_refused(laptop: Laptop, line: Line, admin: Line) -> None:
    for _turn in range(10):
        hello(line, [(uuid4(), 1, b"") for _number in range(1_000)])

    with pytest.raises(psycopg.errors.InvalidParameterValue, match="hello_lives"):
        hello(line, [(uuid4(), 1, b"")])

    assert admin.execute("SELECT count(*) FROM hub.life").fetchone() == (10_000,)


def test_i14_receipts_without_end_push_older_ones_out(laptop: Laptop, line: Line, admin: Line) -> None:
    for _turn in range(1_010):
        prove(line, [])

    assert admin.execute("SELECT count(*) FROM hub.receipt").fetchone() == (1_000,)
