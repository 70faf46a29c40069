"""What growth costs: pushing into a full centre, projection, a proof at the centre, saving while busy."""

import gc
import os
import secrets
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa
from bench_push import Centre, branch_of, through_the_engine, through_the_line
from bench_push import fill as fill_store
from bench_save import quantile, save_contact, timed
from psycopg import sql
from ratio import Ratio, rate_of, time_of

from stojnica.bootstrap.stand import let_threads_take_turns
from stojnica.central.projector import project_all
from stojnica.domain.clock import SystemClock
from stojnica.records.typed import TYPED_TABLES
from stojnica.services.today_figures import look_at_today
from stojnica.storage.outbox import WaitingFact
from stojnica.storage.store import Store, join_branch
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import keep_credentials
from stojnica.sync.digest import HeldDigests
from stojnica.sync.engine import SyncEngine

MANY = 1_000_000
DEVICES = 20
CONTACTS = 4_000
FACTS = 5 * CONTACTS
PUSHED = 5_000
ROUNDS = 5
SAVES = 1_000
LONG_SYNC = 2_000
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
# Ids that grow with time, as ours do; bodies of the usual length, their hashes right.
FILL = """
INSERT INTO hub.fact (branch_id, fact_id, content_hash, kind, subject_id, event_id, incarnation, seq,
    captured_at, body)
SELECT %(branch)s, (lpad(to_hex(1600000000000 + g), 12, '0') || '7' || substr(md5(g::text), 1, 3)
        || '8' || substr(md5(g::text), 4, 15))::uuid,
    sha256(body), 'signed_up',
    (lpad(to_hex(1600000000000 + g / 5), 12, '0') || '7' || substr(md5((g / 5)::text), 1, 3)
        || '8' || substr(md5((g / 5)::text), 4, 15))::uuid,
    NULL, %(branch)s, g, g, body
FROM (SELECT g, convert_to(repeat(md5(g::text), 19), 'UTF8') AS body FROM generate_series(1, %(many)s) g) rows
"""
DELIVER = """
INSERT INTO hub.delivery (branch_id, device_id, fact_id, content_hash, bucket, incarnation, seq, route,
    received_at)
SELECT branch_id, md5((seq %% %(devices)s)::text)::uuid, fact_id, content_hash, get_byte(content_hash, 0),
    incarnation, seq, 'direct', 1 FROM hub.fact
"""


def facts_of(folder: Path, branch_id: Any, contacts: int) -> list[list[WaitingFact]]:
    """Make so many contacts on a laptop, and give their facts in batches as they are sent."""
    return fill_store(folder / f"{uuid4().hex}.db", secrets.token_bytes(32), branch_id, contacts)


def fill(url: str, branch_id: Any) -> None:
    """Let the centre hold a million facts of other laptops."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL, {"branch": branch_id, "many": MANY})
        connection.execute(DELIVER, {"devices": DEVICES})
        connection.execute("ANALYZE")


def push_when_full(centre: Centre, folder: Path, branch_id: Any) -> Ratio:
    """Push into an empty and a full centre in turns."""
    ours: list[float] = []
    base: list[float] = []
    with centre.database() as full, centre.database() as empty:
        fill(full, branch_id)
        with centre.laptop_line(full) as full_line, centre.laptop_line(empty) as empty_line:
            for _round in range(ROUNDS):
                batches = facts_of(folder, branch_id, PUSHED // 5)
                base.append(through_the_line(empty_line, batches))
                ours.append(through_the_line(full_line, batches))
    return time_of("push 5,000 facts, 1,000,000 at the centre : none", min(ours), min(base), 1.2)


def project_and_prove(centre: Centre, folder: Path, branch_id: Any) -> list[Ratio]:
    """Push 20,000 facts as a laptop does, prove them, add them up; then write the same typed rows bare."""
    path, key = folder / "proven.db", secrets.token_bytes(32)
    facts = [item for batch in fill_store(path, key, branch_id, CONTACTS) for item in batch]
    digests = HeldDigests((item.fact_id, item.content_hash) for item in facts).joined()
    with centre.database() as url, centre.laptop_line(url) as line:
        push_s = through_the_engine(line, path, key, branch_id, FACTS)
        prove_s = min(timed(lambda: line.prove(digests, FACTS, CONTACTS)) for _round in range(ROUNDS))
        project_s = timed(lambda: project_all(url))
        one_by_one = min(bare_rows(url, one_by_one=True) for _round in range(3))
        in_a_row = min(bare_rows(url, one_by_one=False) for _round in range(3))
    return [
        rate_of("project 20,000 facts : an INSERT for each row", project_s, one_by_one, 0.3),
        rate_of("the same : executemany in the driver's pipeline", project_s, in_a_row, 0.3),
        time_of("the centre's part of a proof : pushing 20,000", prove_s, push_s, 0.05),
    ]


def bare_rows(url: str, *, one_by_one: bool) -> float:
    """Insert what the projector wrote into the same tables emptied; give the seconds. The rows stay."""
    with psycopg.connect(url, autocommit=True) as connection:
        rows: dict[str, list[tuple[Any, ...]]] = {}
        for table in TYPED_TABLES:
            name = sql.Identifier("hub", table.name)
            rows[table.name] = connection.execute(sql.SQL("SELECT * FROM {}").format(name)).fetchall()
            connection.execute(sql.SQL("TRUNCATE {}").format(name))
        begun = perf_counter()
        with connection.transaction(), connection.cursor() as cursor:
            for table_name, found in rows.items():
                places = sql.SQL(", ").join(sql.Placeholder() * len(found[0])) if found else sql.SQL("")
                statement = sql.SQL("INSERT INTO {} VALUES ({})").format(
                    sql.Identifier("hub", table_name), places
                )
                if one_by_one:
                    for row in found:
                        cursor.execute(statement, row)
                elif found:
                    cursor.executemany(statement, found)
        return perf_counter() - begun


def saved_beside(engine: SyncEngine, store: Store) -> list[float]:
    """Save contacts for as long as one sync takes, beside a report that begins again and again."""
    sent = threading.Event()
    clock = SystemClock()

    def send() -> None:
        try:
            engine.run()
        finally:
            sent.set()

    def report() -> None:
        while not sent.is_set():
            store.read(lambda connection: look_at_today(connection, clock)).result()
            store.read(lambda connection: connection.execute(EVERYTHING).scalar()).result()

    threads = [threading.Thread(target=work) for work in (send, report)]
    for thread in threads:
        thread.start()
    times: list[float] = []
    while not sent.is_set():
        times.append(timed(lambda: store.write(save_contact).result()))
    for thread in threads:
        thread.join()
    return times


EVERYTHING = sa.text(
    "SELECT count(*) FROM (SELECT f.kind, s.town, count(*) FROM fact f"
    " JOIN signup s USING (branch_id, subject_id) GROUP BY 1, 2)"
)


def step_back(centre: Centre) -> None:
    """Let the server yield to us, what it starts from now on included."""
    main = int(next(centre.folder.rglob("postmaster.pid")).read_text("utf-8").splitlines()[0])
    with psycopg.connect(centre.server.url) as connection:
        others = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
    for process in (main, *(row[0] for row in others)):
        os.sched_setscheduler(process, os.SCHED_IDLE, os.sched_param(0))


def save_while_busy(folder: Path) -> Ratio:
    """Save one contact after the other, alone and beside a sync and a long report.

    The office's server has a processor and a disk of its own; here it steps back, and keeps its files in
    memory. Garbage is collected as in the window, which does it between two clicks.
    """
    let_threads_take_turns()
    gc.disable()
    try:
        with tempfile.TemporaryDirectory(dir=MEMORY) as name, Centre(Path(name)) as centre:
            step_back(centre)
            return _alone_and_beside(centre, folder)
    finally:
        gc.enable()


def _alone_and_beside(centre: Centre, folder: Path) -> Ratio:
    with centre.database() as url, closing(Store(folder / "busy.db", secrets.token_bytes(32))) as store:
        store.prepare()
        credentials = centre.credentials(url)

        def enrol(unit: UnitOfWork) -> None:
            keep_credentials(unit.connection, credentials)
            join_branch(unit.connection, credentials.branch_id)
            unit.commit()

        store.write(enrol).result()
        for _contact in range(LONG_SYNC):
            store.write(save_contact).result()
        engine = SyncEngine(store, centre.connect)
        alone = [timed(lambda: store.write(save_contact).result()) for _save in range(SAVES)]
        beside = saved_beside(engine, store)
    return time_of(
        "save a contact, p99, beside a sync and a report", quantile(beside, 0.99), quantile(alone, 0.99), 2.0
    )


def run() -> list[Ratio]:
    """Measure each with a centre of its own."""
    with tempfile.TemporaryDirectory() as name, Centre(Path(name)) as centre:
        folder = Path(name)
        branch_id = branch_of(centre.server.url)
        return [
            push_when_full(centre, folder, branch_id),
            *project_and_prove(centre, folder, branch_id),
            save_while_busy(folder),
        ]
