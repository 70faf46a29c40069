"""Publish the organisation's document: office facts, and a signed briefing for all laptops."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.engine import Connection

from stojnica.central.branch import branch_of, pin_signing_key
from stojnica.central.briefing import Briefing, make_briefing, totals_of, with_event_ids
from stojnica.central.connect import driver_of, office_engine, told_plainly
from stojnica.central.init import check_schema_is_known
from stojnica.central.keys import OpenKeys, load_public_keys, load_signing_key
from stojnica.central.office_desk import office_desk, say_facts
from stojnica.central.office_facts import new_facts, office_items
from stojnica.central.projector import project_all
from stojnica.central.roles import OWNER
from stojnica.domain.canonical import canonical_bytes, parse_json
from stojnica.domain.errors import UserFacingError
from stojnica.domain.organisation_document import MAX_DOCUMENT_BYTES, read_document
from stojnica.i18n import gettext as _

Prepare = Callable[[dict[str, Any], Path], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Published:
    """Say which version laptops will find; `is_new` is False when nothing had changed."""

    version: int
    is_new: bool
    facts: int


def publish(
    url: str,
    *,
    file: Path,
    keys_dir: Path,
    prepare: Prepare | None = None,
    open_keys: OpenKeys | None = None,
) -> Published:
    """Check a document, store what is new in it as office facts, and sign the next briefing.

    `prepare` gives the document as stands get it, from the one in the file and the file's folder.
    Facts and briefing come into being together or not at all. An unchanged document makes no new version.

    Raises:
        UserFacingError: the document is wrong somewhere (with place and reason), the keys aren't the
            branch's, or the database can't be used.
    """
    document = load_document(file)
    if prepare is not None:
        document = prepare(document, file.parent)
    key, public = load_signing_key(keys_dir, open_keys), load_public_keys(keys_dir)
    with told_plainly(), office_engine(url).begin() as connection:
        driver = driver_of(connection)
        check_schema_is_known(driver)
        driver.execute(f"SET LOCAL ROLE {OWNER}".encode())
        branch_id = branch_of(driver)
        pin_signing_key(driver, branch_id, public)
        now_us = _now(driver)
        facts = new_facts(connection, branch_id, office_items(document, branch_id), now_us)
        say_facts(driver, office_desk(driver, branch_id), facts)
        version, is_new = _publish_briefing(connection, document, key, branch_id, now_us)
    project_all(url)
    return Published(version, is_new, len(facts))


def load_document(file: Path) -> dict[str, Any]:
    """Read and check the organisation's document.

    Raises:
        UserFacingError: it can't be read, or is wrong at a place that the error names.
    """
    try:
        with file.open("rb") as source:
            content = source.read(MAX_DOCUMENT_BYTES + 1)
    except OSError as error:
        raise UserFacingError(
            _("The file {file} can't be read.").format(file=file.name),
            safe=_("Nothing was changed."),
            next_step=_("Check the name of the file, and that you may read it."),
            code="unreadable_file",
        ) from error
    read_document(content, refuse_unknown=True)
    document: dict[str, Any] = parse_json(content, MAX_DOCUMENT_BYTES)
    return document


def _publish_briefing(
    connection: Connection,
    document: dict[str, Any],
    key: Ed25519PrivateKey,
    branch_id: UUID,
    now_us: int,
) -> tuple[int, bool]:
    driver = driver_of(connection)
    plain = with_event_ids(document, branch_id)
    last = driver.execute(
        "SELECT version, body FROM hub.briefing WHERE branch_id = %s ORDER BY version DESC LIMIT 1",
        [branch_id],
    ).fetchone()
    if last is not None and _without_head(bytes(last[1])) == canonical_bytes(plain):
        return last[0], False
    briefing = make_briefing(
        plain,
        key,
        version=1 if last is None else last[0] + 1,
        branch_id=branch_id,
        totals=totals_of(connection, branch_id, now_us),
        now_us=now_us,
    )
    _keep(driver, branch_id, briefing)
    return briefing.version, True


def _without_head(body: bytes) -> bytes:
    document = parse_json(body)
    return canonical_bytes({name: value for name, value in document.items() if name != "briefing"})


def _keep(driver: psycopg.Connection[Any], branch_id: UUID, briefing: Briefing) -> None:
    driver.execute(
        "INSERT INTO hub.briefing (branch_id, version, hash, body, signature, published_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [
            branch_id,
            briefing.version,
            briefing.hash,
            briefing.body,
            briefing.signature,
            briefing.published_at,
        ],
    )


def _now(driver: psycopg.Connection[Any]) -> int:
    row = driver.execute("SELECT hub.now_us()").fetchone()
    assert row is not None
    return int(row[0])
