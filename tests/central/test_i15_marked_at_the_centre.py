"""I15: whoever was erased by address comes back under no other id, from no laptop that hasn't heard of it."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, Sent, hello, push

from stojnica import failpoint
from stojnica.central.erase import Who, erase
from stojnica.central.projector import project_all
from stojnica.central.tombstones import apply_lists, read_lists, write_list
from stojnica.cli.main import main
from stojnica.domain import kinds
from stojnica.domain.attachment import JPEG, SLIP_SCAN, chunk_facts, describe

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
EMAIL = "zana@example.org"


def sign_up(laptop: Laptop, email: str = "Zana@Example.org", phone: str = "") -> list[Sent]:
    """Give a sign-up as the form saves it, with a question and a scan of the slip."""
    first = laptop.fact(data={"first_name": "Žana", "email": email, "phone": phone})
    scan = b"\xff\xd8" + bytes(300)
    described = describe(scan, SLIP_SCAN, JPEG)
    about = {"subject_id": first.fact.subject_id}
    chunks = [
        laptop.fact(kinds.FILE_CHUNK, subject_id=chunk, data=data)
        for chunk, data in chunk_facts(described, scan)
    ]
    return [
        first,
        laptop.fact(kinds.ASKED, data={"text": "Kdaj?"}, **about),
        laptop.fact(kinds.FILE_ATTACHED, data=described.data(), **about),
        *chunks,
    ]


def counts(admin: Line) -> tuple[Any, ...]:
    query = "SELECT (SELECT count(*) FROM hub.signup), (SELECT count(*) FROM hub.fact)"
    row = admin.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def acknowledge(line: Line, admin: Line) -> None:
    """Say that the newest order was carried out, as a sync does last."""
    row = admin.execute("SELECT order_id FROM hub.erase_order ORDER BY number DESC LIMIT 1").fetchone()
    assert row is not None
    line.execute("SELECT api.erased(%s::uuid, 0::bigint, true)", [row[0]])
    line.commit()


@pytest.fixture
def erased(laptop: Laptop, line: Line, admin: Line, central_url: str, organisation_keys: Path) -> UUID:
    """Have somebody signed up and erased by their address."""
    facts = sign_up(laptop)
    push(line, facts)
    erase(central_url, Who(email=EMAIL), keys_dir=organisation_keys)
    assert counts(admin) == (0, 0)
    return facts[0].fact.subject_id


def test_i15_a_late_sign_up_under_another_id_goes_with_all_that_belongs_to_it(
    erased: UUID, laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    late, other = sign_up(laptop), sign_up(laptop, "ana@example.org")
    push(line, [*late, *other])
    project_all(central_url)

    assert counts(admin) == (1, len(other))
    # And it doesn't come again by another way, nor does more about it.
    push(line, [*late, laptop.fact(kinds.CORRECTED, subject_id=late[0].fact.subject_id, data={"town": "K"})])
    project_all(central_url)
    assert counts(admin) == (1, len(other))
    assert admin.execute("SELECT count(*) FROM hub.inbox").fetchone() == (0,)


def test_who_signs_up_again_on_a_laptop_that_has_carried_the_order_out_is_kept(
    erased: UUID, laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    acknowledge(line, admin)
    new = sign_up(laptop)
    push(line, new)
    # Said once more, because of copies: that changes nothing about when it was done.
    acknowledge(line, admin)
    project_all(central_url)

    assert counts(admin) == (1, len(new))


def test_i15_one_laptops_word_counts_for_itself_alone(
    erased: UUID,
    new_laptop: Callable[[str], Laptop],
    admin: Line,
    central_url: str,
    organisation_keys: Path,
) -> None:
    # Given a second order, which one of two laptops has carried out
    one, other = new_laptop("One"), new_laptop("Other")
    with one.connect() as first, other.connect() as second:
        push(first, sign_up(one, "ana@example.org"))
        erase(central_url, Who(email="ana@example.org"), keys_dir=organisation_keys)
        acknowledge(first, admin)

        push(second, sign_up(other, "ana@example.org"))
        project_all(central_url)

    assert counts(admin) == (0, 0)


def test_from_a_laptop_that_was_enrolled_after_it_nothing_is_old(
    erased: UUID, new_laptop: Callable[[str], Laptop], admin: Line, central_url: str
) -> None:
    later = new_laptop("Later")
    new = sign_up(later)
    with later.connect() as line:
        push(line, new)
    project_all(central_url)

    assert counts(admin) == (1, len(new))


def test_i15_what_a_laptop_that_was_enrolled_after_it_has_from_an_earlier_ones_copy_is_old(
    erased: UUID,
    laptop: Laptop,
    line: Line,
    new_laptop: Callable[[str], Laptop],
    admin: Line,
    central_url: str,
) -> None:
    # Given a laptop that greeted and died, and its copy opened on one that was enrolled after the order
    old = sign_up(laptop)
    hello(line, [(laptop.incarnation, laptop.seq, old[-1].hash)])
    later = new_laptop("Later")
    new = sign_up(later)

    with later.connect() as other:
        push(other, [*old, *new])
    project_all(central_url)

    assert counts(admin) == (1, len(new))


def test_erased_by_id_no_mark_is_kept_for_a_family_may_share_a_number(
    laptop: Laptop, line: Line, admin: Line, central_url: str, organisation_keys: Path
) -> None:
    gone = sign_up(laptop, phone="+38640123456")
    push(line, gone)
    erase(central_url, Who(gone[0].fact.subject_id), keys_dir=organisation_keys)
    sister = sign_up(laptop, "sister@example.org", "+38640123456")
    push(line, sister)
    project_all(central_url)

    assert counts(admin) == (1, len(sister))


def test_i15_the_list_beside_backups_brings_marks_back_and_names_nobody(
    erased: UUID, laptop: Laptop, line: Line, admin: Line, central_url: str, tmp_path: Path
) -> None:
    # Given a list, and a database that went back to before the marks
    path = write_list(admin, tmp_path)
    admin.execute("DELETE FROM hub.erased_mark")
    admin.commit()

    apply_lists(admin, read_lists(admin, [path], may_lack=False))
    admin.commit()
    push(line, sign_up(laptop))
    project_all(central_url)

    assert counts(admin) == (0, 0)
    content = path.read_text(encoding="utf-8")
    assert "zana" not in content
    key = admin.execute("SELECT encode(key, 'hex') FROM hub.mark_key").fetchone()
    assert key is not None
    assert key[0] not in content


@pytest.mark.parametrize(
    "table", ["mark_key", "erased_mark", "erase_heard", "erase_old", "erased_late", "erased_late_done"]
)
@pytest.mark.parametrize("role", ["hub_projector", "hub_office"])
def test_nobody_but_the_owner_of_the_functions_reads_marks_or_their_key(
    erased: UUID, admin: Line, table: str, role: str
) -> None:
    query = "SELECT has_table_privilege(%s, %s, 'SELECT')"
    assert admin.execute(query, [role, f"hub.{table}"]).fetchone() == (False,)


def test_i14_no_laptop_reads_marks_or_their_key(erased: UUID, line: Line) -> None:
    for statement in (
        "SELECT * FROM hub.mark_key",
        "SELECT * FROM hub.erased_mark",
        "SELECT hub.contact_mark(gen_random_uuid(), 'email', 'a@example.org')",
        "SELECT hub.order_key(gen_random_uuid(), gen_random_uuid())",
        "SELECT office_api.bury_marked(gen_random_uuid(), '{}', '{}', '{}')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            line.execute(statement.encode())
        line.rollback()


def is_waited_for(admin: Line) -> bool:
    """Tell whether somebody waits for another one's lock in this database."""
    waiting = admin.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).fetchone()
    return waiting != (0,)


def test_i15_a_late_sign_up_that_is_added_up_while_she_is_being_erased_is_not_missed(
    laptop: Laptop, line: Line, admin: Line, central_url: str, organisation_keys: Path
) -> None:
    # Given another sign-up of hers that comes, and is added up, just after the look-up
    push(line, sign_up(laptop))
    projecting = threading.Thread(target=project_all, args=[central_url])

    def come() -> None:
        push(line, sign_up(laptop))
        projecting.start()
        while projecting.is_alive() and not is_waited_for(admin):
            pass

    # When the erasure goes on
    failpoint.arm("erase.after_look_up", come)
    try:
        erase(central_url, Who(email=EMAIL), keys_dir=organisation_keys)
    finally:
        failpoint.disarm("erase.after_look_up")
    projecting.join()

    # Then nothing of it is left
    assert counts(admin) == (0, 0)


def test_i14_no_order_has_a_second_mark_that_the_key_of_the_first_would_open() -> None:
    # A laptop that knows an address learns the key; all numbers of a country are tried in seconds.
    with pytest.raises(ValueError, match="two marks"):
        Who(email=EMAIL, phone="+38640123456")


# As it is typed: somebody whom the office doesn't know yet.


def typed(capsys: pytest.CaptureFixture[str], *words: object, expect: int = 0) -> str:
    assert main(["central", *map(str, words)]) == expect
    told = capsys.readouterr()
    return told.out + told.err


def test_m35_the_command_says_that_nobody_is_here_and_puts_nobody_down_by_accident(
    admin: Line,
    central_url: str,
    organisation_keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    who = ("erase", central_url, "--email", "Zana@Example.org")

    asked = typed(capsys, *who)
    refused = typed(capsys, *who, "--yes", "--keys", organisation_keys, expect=1)
    by_id = typed(capsys, "erase", central_url, "--id", UUID(int=7), expect=1)
    file = ("--out", tmp_path / "her.pdf")
    about = typed(capsys, "about", central_url, "--email", "Zana@Example.org", *file, expect=1)

    assert "Nobody is here by Zana@example.org now. Look whether it is written as it was given." in asked
    assert "--yes --even-if-unknown" in asked
    assert "Nobody is found by this." in refused
    assert "--even-if-unknown" in refused
    assert "Nobody is found by this." in by_id
    # Whoever only asked is not led into erasing.
    assert "Nobody is found by this." in about
    assert "--even-if-unknown" not in about
    assert admin.execute("SELECT count(*) FROM hub.erase_order").fetchone() == (0,)


def test_m35_put_down_before_she_comes_she_is_erased_when_she_comes_and_the_list_says_so(
    laptop: Laptop,
    line: Line,
    admin: Line,
    central_url: str,
    organisation_keys: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ("--yes", "--even-if-unknown", "--keys", organisation_keys, "--backups", tmp_path)

    said = typed(capsys, "erase", central_url, "--email", EMAIL, *options)
    before = typed(capsys, "erasures", central_url)
    push(line, sign_up(laptop))
    project_all(central_url)
    after = typed(capsys, "erasures", central_url)

    assert f"Nobody is here by {EMAIL} now. What arrives later from any laptop is erased." in said
    assert f"There is no backup in {tmp_path}, so the list of what was erased" in said
    assert "nobody was here then: what arrives from before is erased" in before
    assert "1 contact came after it and was erased" in after
    assert counts(admin) == (0, 0)
    (path,) = tmp_path.glob("*.tombstones.json")
    assert len(json.loads(path.read_text("utf-8"))["marks"]) == 1


def test_i15_what_was_delivered_after_the_laptop_had_heard_is_old_if_it_was_captured_before(
    erased: UUID, laptop: Laptop, line: Line, admin: Line, central_url: str
) -> None:
    # Given a laptop that says how far it was when it carried the order out
    old = sign_up(laptop)
    order = admin.execute("SELECT order_id FROM hub.erase_order").fetchone()
    assert order is not None
    lives = "SELECT api.erase_heard(%s::uuid, %s::uuid[], %s::bigint[])"
    line.execute(lives, [order[0], [laptop.incarnation], [laptop.seq]])
    acknowledge(line, admin)
    new = sign_up(laptop)

    # When all of it comes only then
    push(line, [*old, *new])
    project_all(central_url)

    # Then the old one goes, and the new one stays
    assert counts(admin) == (1, len(new))


@pytest.mark.parametrize(
    "call",
    [
        "SELECT api.erase_heard(gen_random_uuid(), '{}', '{}')",
        "SELECT api.erase_heard(NULL, NULL, NULL)",
        "SELECT api.erased_late(NULL, '{}')",
        "SELECT api.erased_late(gen_random_uuid(), NULL)",
        "SELECT api.erase_heard_before(NULL, '{}')",
        "SELECT api.erase_heard_before(gen_random_uuid(), array_fill(gen_random_uuid(), ARRAY[1001]))",
        "SELECT api.erase_old(gen_random_uuid(), '{}')",
        "SELECT api.erase_old(NULL, NULL)",
        "SELECT api.state_erased(NULL, 'x', decode(repeat('00', 64), 'hex'))",
        "SELECT api.state_erased(gen_random_uuid(), 'x', 'x')",
        "SELECT api.state_erased(gen_random_uuid(), '', decode(repeat('00', 64), 'hex'))",
        "SELECT api.stated_erased(NULL)",
        "SELECT api.erased_late_done(NULL)",
        "SELECT api.erased_late_done(array_fill(gen_random_uuid(), ARRAY[5001]))",
    ],
)
def test_i14_what_makes_no_sense_about_orders_is_refused(line: Line, call: str) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        line.execute(call.encode())


def test_i14_a_laptop_gets_no_key_of_an_order_that_took_nobody_of_its_own(
    erased: UUID,
    laptop: Laptop,
    line: Line,
    new_laptop: Callable[[str], Laptop],
    admin: Line,
    central_url: str,
) -> None:
    push(line, sign_up(laptop))
    project_all(central_url)
    order = admin.execute("SELECT order_id FROM hub.erase_order").fetchone()
    assert order is not None
    ask = "SELECT cardinality(subjects), octet_length(key) FROM api.erased_late(%s::uuid, '{}')"

    with new_laptop("Other").connect() as other:
        others = other.execute(ask, [order[0]]).fetchall()

    assert line.execute(ask, [order[0]]).fetchall() == [(1, 32)]
    assert others == []
