"""A process that asks hostile servers, and tells how much memory that took."""

import json
import sys
import tracemalloc
from pathlib import Path
from uuid import UUID

from stojnica.storage.outbox import WaitingFact
from stojnica.sync.credentials import Credentials, Host
from stojnica.sync.faults import SyncError
from stojnica.sync.postgres import Deadlines, PostgresTransport, connect_postgres

NOBODY = UUID(int=0)
FACT = WaitingFact(NOBODY, bytes(32), b"{}", "asked", NOBODY, None, NOBODY, 1, 1)


def peak_mb() -> float:
    """Give the most memory that this process ever had, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return 0
    import resource  # POSIX alone has it.

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def credentials_for(task: dict[str, str], port: int) -> Credentials:
    return Credentials(
        branch_id=NOBODY,
        device_id=NOBODY,
        server_id=NOBODY,
        name="Stand 1",
        hosts=(Host("127.0.0.1", port),),
        database="any",
        role=task["role"],
        password=task["password"],
        tls_mode="none",
        ca_pem="",
        signing_key=b"",
        recipients=(),
        secret=b"",
        device_key=b"",
    )


def ask(transport: PostgresTransport, call: str) -> str:
    try:
        if call == "push":
            transport.push([FACT])
        else:
            transport.briefing(0)
    except SyncError as fault:
        return fault.code
    return "believed"


def main() -> None:
    task = json.load(sys.stdin)
    report = []
    tracemalloc.start()
    baseline = peak_mb()
    for name, call, port in task["calls"]:
        tracemalloc.reset_peak()
        transport = connect_postgres(
            credentials_for(task, port),
            ca_file=Path(task["ca"]),
            is_practice=True,
            deadlines=Deadlines(connect_s=5, answer_s=5),
        )
        code = ask(transport, call)
        transport.close()
        traced_mb = tracemalloc.get_traced_memory()[1] / 1024 / 1024
        report.append((name, call, code, round(traced_mb, 1), round(peak_mb() - baseline, 1)))
    json.dump(report, sys.stdout)


main()
