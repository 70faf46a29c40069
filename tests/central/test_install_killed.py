"""A run that was killed on a real machine is completed by the next one."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.central.real_server import HOST, ON_DEBIAN, Site

pytestmark = ON_DEBIAN

_BEGIN = """
import sys
from tests.central.real_server import SmallMachine
from stojnica.central.install import carry_out, plan_server
from stojnica.central.installing.database import LocalHub
from stojnica.central.installing.layout import Layout
from pathlib import Path

top, name, port, host = sys.argv[1:]
machine = SmallMachine()
layout = Layout(Path(top, "etc"), Path(top, "units"), Path(top, "backups"), name, "stojnica", name)
wish = {"name": "Organisation of tests", "hosts": (host,), "port": int(port)}
plan = plan_server(machine, LocalHub(machine), layout, **wish)
def tell(step):
    print(step.name, flush=True)
    if step.name == "settings":
        sys.stdin.read()
carry_out(plan, tell)
"""


@pytest.mark.nightly
def test_a_run_that_was_killed_is_completed_by_the_next_one() -> None:
    site = Site()
    try:
        root = Path(__file__).parents[2]
        command = [sys.executable, "-c", _BEGIN, str(site.top), site.layout.cluster, str(site.port), HOST]
        with subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if line == "settings\n":
                    break
            child.kill()
        assert not (site.layout.office_url).exists()

        plan = site.install()

        # It was never started: whatever pg_createcluster had got to, it is made anew.
        assert [step.name for step in plan.steps][:2] == ["cluster", "settings"]
        found = {one.text: one.is_fine for one in site.look(plan)}
        assert found["Laptops reach hub.example.org with TLS, and the certificate fits."]
        assert site.plan().steps == ()
    finally:
        site.remove()
