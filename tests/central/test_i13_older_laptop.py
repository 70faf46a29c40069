"""I13: a laptop that nobody brought up to date for years delivers to today's centre, and is confirmed.

What it says is written down here word for word, as the first program said it: whoever changes a function so
that this fails has to add another one beside it.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.central.conftest import Laptop, Sent, digests

from stojnica.central.projector import project_all
from stojnica.sync.digest import short_code

pytestmark = pytest.mark.server
Line = psycopg.Connection[tuple[Any, ...]]
HELLO = (
    "SELECT server_id, server_time, protocol, backoff_s, branch_id, device_id,"
    " incarnation, held, head, hashes_at_lower"
    " FROM api.hello(%s::text, 1::int, %s::uuid[], %s::bigint[], %s::bytea[], %s::bigint)"
)
PUSH = (
    "SELECT ids_echoed, hashes_echoed, answers FROM api.push(%s::uuid[], %s::bytea[], %s::bytea[],"
    " %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::bigint[])"
)
PROVE = (
    "SELECT differing, code, receipt_id, proven_at, extra, covered"
    " FROM api.prove(%s::bytea, %s::bigint, %s::bigint)"
)
BUCKETS = "SELECT fact_id, content_hash FROM api.prove_buckets(%s::int[], %s::uuid[], %s::bytea[])"
COVERED = "SELECT fact_id, content_hash FROM api.covered(%s::uuid[], %s::bytea[])"
BRIEFING = "SELECT version, hash, body, signature FROM api.briefing(%s::bigint)"
# A sign-up as the first program wrote it: no field that came later.
DATA = {
    **{"form": "stand", "form_version": 1, "language": "sl", "first_name": "Žana", "last_name": "Kos"},
    **{"email": "zana.kos@example.org", "phone": "", "age_band": "18-30", "country": "SI", "town": ""},
    **{"status": "", "heard": "", "remark": "", "interests": [], "themes": [], "slip_number": ""},
    **{"collected_on": "", "guardian": ""},
}


def ask(line: Line, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    return line.execute(statement.encode(), parameters, binary=True).fetchall()


def sign_ups(laptop: Laptop, count: int) -> list[Sent]:
    facts = [laptop.fact(data=DATA) for _number in range(count)]
    return sorted(facts, key=lambda one: (one.fact.fact_id, one.hash))


def test_i13_the_first_protocol_greets_pushes_proves_and_asks_for_the_rest(
    laptop: Laptop, line: Line, central_url: str
) -> None:
    # Given what a laptop of the first version holds
    facts = sign_ups(laptop, 3)
    head = max(facts, key=lambda one: one.seq)
    columns = [list(column) for column in zip(*(one.columns for one in facts), strict=True)]
    ids, hashes = [one.fact.fact_id for one in facts], [one.hash for one in facts]

    # When it says all that it can say, in the order of then
    greeted = ask(line, HELLO, ["stojnica 0.1", [head.incarnation], [head.seq], [head.hash], len(facts)])
    (pushed,) = ask(line, PUSH, columns)
    (differing,) = ask(line, PROVE, [bytes(32) * 256, 0, 0])
    missing = ask(line, BUCKETS, [[facts[0].hash[0]], ids[:1], hashes[:1]])
    (proven,) = ask(line, PROVE, [digests(facts), len(facts), len(facts)])
    covered = ask(line, COVERED, [ids, hashes])
    briefing = ask(line, BRIEFING, [0])
    project_all(central_url)

    # Then it is understood, and confirmed with the code of both sides
    assert [type(value) for value in greeted[0][:6]] == [UUID, int, int, int, UUID, UUID]
    assert greeted[0][6:] == (head.incarnation, 0, 0, [])
    assert pushed == (ids, hashes, ["stored"] * 3)
    assert (len(differing[0]), differing[1]) == (256, None)
    assert missing == []
    assert (proven[0] or [], proven[1]) == ([], short_code(digests(facts)))
    assert (proven[4], proven[5]) == (0, 0)
    assert (covered, briefing) == ([], [])


def test_i13_what_it_delivered_is_seen_at_the_office_as_everybody_elses(
    laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    facts = sign_ups(laptop, 2)
    columns = [list(column) for column in zip(*(one.columns for one in facts), strict=True)]

    ask(line, PUSH, columns)
    project_all(central_url)

    assert admin.execute("SELECT count(*) FROM hub.quarantine").fetchall() == [(0,)]
    names = admin.execute("SELECT first_name, email FROM hub.signup").fetchall()
    assert names == [("Žana", "zana.kos@example.org")] * 2


@pytest.mark.parametrize("protocol", [1, 2, 99])
def test_i13_a_protocol_of_any_number_is_greeted(laptop: Laptop, line: Line, protocol: int) -> None:
    greeting = HELLO.replace("1::int", f"{protocol}::int")

    rows = ask(line, greeting, ["stojnica", [laptop.incarnation], [1], [sha256(b"x").digest()], 1])

    assert len(rows) == 1
