"""A server that is set up for real on this machine, under a name of its own, and taken away again."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest

from stojnica.central.embedded import _free_port
from stojnica.central.install import Plan, carry_out, check, plan_server
from stojnica.central.installing.database import LocalHub
from stojnica.central.installing.layout import Layout
from stojnica.central.installing.machine import ThisMachine
from stojnica.central.installing.survey import Check

ON_DEBIAN = [
    pytest.mark.server,
    pytest.mark.tls,
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root sets servers up"),
    pytest.mark.skipif(
        shutil.which("pg_createcluster") is None, reason="Debian's packages of PostgreSQL aren't here"
    ),
]
HOST = "hub.example.org"
ORGANISATION = "Organisation of tests"


class SmallMachine(ThisMachine):
    """This machine, with the memory of a small server: others work here at the same time."""

    def memory_bytes(self) -> int:
        return 512 * 1024 * 1024


class Site:
    """A server of a name of its own on this machine."""

    def __init__(self) -> None:
        name = f"stj{uuid4().hex[:10]}"
        # PostgreSQL's user has to reach its certificate there.
        self.top = Path(tempfile.mkdtemp(prefix=f"{name}-", dir="/var/tmp"))
        self.top.chmod(0o755)
        (self.top / "units").mkdir()
        self.port = _free_port(0)
        self.layout = Layout(
            folder=self.top / "etc",
            units=self.top / "units",
            backups=self.top / "backups",
            cluster=name,
            service_user=name,
        )

    def plan(self, hosts: tuple[str, ...] = (HOST,), name: str = ORGANISATION) -> Plan:
        self.machine = SmallMachine()
        self.hub = LocalHub(self.machine)
        return plan_server(self.machine, self.hub, self.layout, name=name, hosts=hosts, port=self.port)

    def install(self, hosts: tuple[str, ...] = (HOST,)) -> Plan:
        plan = self.plan(hosts)
        carry_out(plan)
        return plan

    def look(self, plan: Plan) -> tuple[Check, ...]:
        return check(self.machine, self.hub, plan.server)

    @property
    def log(self) -> str:
        (path,) = Path("/var/log/postgresql").glob(f"*-{self.layout.cluster}.log")
        return path.read_text(encoding="utf-8")

    def remove(self) -> None:
        name = self.layout.cluster
        for conf in Path("/etc/postgresql").glob(f"*/{name}"):
            subprocess.run(
                ["pg_dropcluster", "--stop", conf.parent.name, name], check=False, capture_output=True
            )
            shutil.rmtree(conf, ignore_errors=True)
        for data in Path("/var/lib/postgresql").glob(f"*/{name}"):
            shutil.rmtree(data, ignore_errors=True)
        subprocess.run(["userdel", name], check=False, capture_output=True)
        shutil.rmtree(self.top)
