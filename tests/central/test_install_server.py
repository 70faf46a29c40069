"""The real thing: Debian's PostgreSQL on this machine is set up, and a laptop reaches it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from tests.central.conftest import Laptop, hello, push
from tests.central.real_server import HOST, ON_DEBIAN, Site

from stojnica.central.backup import back_up
from stojnica.central.certificates import days_left
from stojnica.central.connect import connect
from stojnica.central.enrol import make_enrolment
from stojnica.central.enrolment import ServerHost
from stojnica.central.install import Plan
from stojnica.central.installing.layout import Layout
from stojnica.central.installing.survey import read_password
from stojnica.central.restore import restore
from stojnica.domain.errors import UserFacingError

pytestmark = ON_DEBIAN


def listed() -> list[str]:
    """Give what Debian says of each cluster, without those of tests."""
    said = subprocess.run(["pg_lsclusters", "--no-header"], capture_output=True, text=True, check=True)
    return [" ".join(line.split()) for line in said.stdout.splitlines() if " stj" not in line]


def files_below(folder: Path) -> dict[str, tuple[bytes, float]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def others() -> tuple[list[str], dict[str, tuple[bytes, float]]]:
    """See what else is on this machine before anything is done."""
    folder = Path("/etc/postgresql")
    return listed(), {path: seen for path, seen in files_below(folder).items() if "/stj" not in path}


@pytest.fixture(scope="module")
def installed(others: object) -> Iterator[tuple[Site, Plan, list[str]]]:
    """Set one server up for all tests of this file; give what was planned, and what was done."""
    site = Site()
    try:
        plan = site.install((HOST, "localhost"))
        yield site, plan, list(site.machine.journal)
    finally:
        site.remove()


@pytest.fixture
def site(installed: tuple[Site, Plan, list[str]]) -> Site:
    return installed[0]


@pytest.fixture
def plan(installed: tuple[Site, Plan, list[str]]) -> Plan:
    return installed[1]


@pytest.fixture
def new_laptop(site: Site, plan: Plan, organisation_keys: Path) -> Callable[[str], Laptop]:
    """Enrol as the handbook says: on the server, over the socket, with the authority's certificate."""

    def enrol(name: str) -> Laptop:
        return Laptop(
            make_enrolment(
                plan.server.local_url("postgres"),
                name=name,
                keys_dir=organisation_keys,
                hosts=[ServerHost(HOST, site.port)],
                ca_pem=site.layout.ca.read_text(encoding="ascii"),
            )
        )

    return enrol


def line_of(laptop: Laptop, ca: Path, **options: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as the program does from a laptop, the name's address aside."""
    wanted = {"sslmode": "verify-full", "channel_binding": "require", "sslrootcert": str(ca)} | options
    return laptop.connect(hostaddr="127.0.0.1", **wanted)


def test_what_the_plan_says_is_what_was_done_on_a_real_machine(
    installed: tuple[Site, Plan, list[str]],
) -> None:
    _site, plan, done = installed

    assert [change for step in plan.steps for change in step.changes] == done


def test_a_laptop_pushes_over_tls_and_the_timers_add_it_up_and_back_it_up(
    site: Site, new_laptop: Callable[[str], Laptop]
) -> None:
    laptop = new_laptop("Stand 1")

    with closing(line_of(laptop, site.layout.ca)) as line:
        hello(line, [])
        answers = push(line, laptop.facts(3))
        row = line.execute("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    projected = as_service_user(site, "project")
    backed_up = as_service_user(site, "backup")

    assert answers == ["stored"] * 3
    assert row == (True, "TLSv1.3")
    assert "3 records were added up." in projected
    assert "It was restored and compared." in backed_up
    assert sorted(path.suffix for path in site.layout.backups.iterdir()) == [".dump", ".json"]


def as_service_user(site: Site, work: str) -> str:
    """Run what a timer starts, as the user that it starts it as."""
    user = site.layout.service_user
    prefix = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
    able = subprocess.run(
        [*prefix, sys.executable, "-c", "import stojnica"], capture_output=True, check=False
    )
    if able.returncode != 0:
        pytest.skip("this program lies where only root may read it")
    unit = (site.layout.units / f"{user}-{work}.service").read_text(encoding="utf-8")
    (command,) = (line.partition("=")[2] for line in unit.splitlines() if line.startswith("ExecStart="))
    done = subprocess.run(
        [*prefix, *command.split()],
        env={"PATH": os.environ["PATH"], "LANG": "en", "STOJNICA_HOME": str(site.top)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd isn't here to ask")
def test_systemd_understands_each_unit(site: Site) -> None:
    units = sorted(map(str, site.layout.units.iterdir()))

    said = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False, cwd="/"
    )

    assert (len(units), said.returncode) == (5, 0)
    assert site.layout.service_user not in said.stderr


def test_without_tls_or_under_another_name_or_to_another_database_nobody_gets_in(
    site: Site, new_laptop: Callable[[str], Laptop]
) -> None:
    laptop = new_laptop("Stand 2")

    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry.*no encryption"):
        line_of(laptop, site.layout.ca, sslmode="disable", channel_binding="disable")
    elsewhere = replace(laptop.enrolment, hosts=(ServerHost("elsewhere.example.org", site.port),))
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        line_of(Laptop(elsewhere), site.layout.ca)
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        line_of(Laptop(replace(laptop.enrolment, database="postgres")), site.layout.ca)


def test_only_the_timers_user_and_root_come_in_over_the_socket(site: Site, plan: Plan) -> None:
    user = site.layout.service_user

    def asked(system_user: str, role: str) -> subprocess.CompletedProcess[str]:
        as_user = ["setpriv", f"--reuid={system_user}", f"--regid={system_user}", "--clear-groups"]
        query = ["psql", "-XAt", plan.server.local_url(role), "-c", "SELECT current_user"]
        return subprocess.run(
            [*as_user, *query], capture_output=True, text=True, check=False, cwd="/", env={"PATH": "/usr/bin"}
        )

    assert asked(user, user).stdout == f"{user}\n"
    assert asked("postgres", "postgres").stdout == "postgres\n"
    assert "Peer authentication failed" in asked(user, "postgres").stderr
    assert "Peer authentication failed" in asked("postgres", user).stderr
    assert "no pg_hba.conf entry" in asked(user, site.layout.office_role).stderr


def test_the_office_lets_laptops_in_with_its_own_address_and_is_no_superuser(
    site: Site, plan: Plan, organisation_keys: Path
) -> None:
    url = site.layout.office_url.read_text(encoding="utf-8").splitlines()[-1]
    local = url.replace(f"@{HOST}:", "@localhost:")

    enrolment = make_enrolment(
        local, name="Stand 3", keys_dir=organisation_keys, hosts=[ServerHost(HOST, site.port)]
    )
    with closing(line_of(Laptop(enrolment), site.layout.ca)) as line:
        hello(line, [])

    with connect(local) as connection:
        row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert row == (False,)


def test_i18_no_password_is_in_the_servers_log_and_none_is_printed(site: Site, plan: Plan) -> None:
    password = read_password(site.machine, plan.server)
    assert password is not None

    with connect(plan.server.local_url("postgres")) as connection:
        stored = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [site.layout.office_role]
        ).fetchone()

    assert password not in site.log
    assert "SCRAM" not in site.log
    assert stored is not None
    assert stored[0].startswith("SCRAM-SHA-256$")
    told = [text for step in plan.steps for text in (step.words, *step.changes)]
    assert not any(password in text for text in told)
    assert [
        path for path in site.top.rglob("*") if path.is_file() and password.encode() in path.read_bytes()
    ] == [site.layout.office_url]


def test_keys_are_where_only_their_owners_read_them(site: Site) -> None:
    def seen(path: Path) -> tuple[str, int]:
        return path.owner(), path.stat().st_mode & 0o777

    assert seen(site.layout.authority) == ("root", 0o600)
    assert seen(site.layout.authority.parent) == ("root", 0o700)
    assert seen(site.layout.server_pem) == ("postgres", 0o600)
    assert seen(site.layout.office_url) == ("root", 0o600)
    assert seen(site.layout.backups) == (site.layout.service_user, 0o700)
    assert not list(site.top.rglob("*.part"))


def test_a_second_run_changes_nothing_and_a_look_finds_all_in_order(site: Site) -> None:
    before = files_below(site.top)

    again = site.install((HOST, "localhost"))
    found = site.look(again)

    assert again.steps == ()
    assert site.machine.journal == []
    assert files_below(site.top) == before
    to_do = [one.text for one in found if not one.is_fine]
    assert set(to_do) <= {"The timers run.", "The timers' user can start the program."}
    assert "Laptops reach hub.example.org with TLS, and the certificate fits." in [one.text for one in found]


def test_a_look_finds_what_somebody_changed_behind_our_back(site: Site, plan: Plan) -> None:
    site.plan((HOST, "localhost"))
    with connect(plan.server.local_url("postgres"), autocommit=True) as admin:
        admin.execute("GRANT EXECUTE ON FUNCTION pg_sleep(float8) TO PUBLIC")
        try:
            set_fsync(plan, admin, "off")
            found = {one.text: one.next_step for one in site.look(plan)}
        finally:
            admin.execute("REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC")
            set_fsync(plan, admin, "on")

    assert "pg_sleep" in found["A laptop's login may call the functions for laptops, and nothing else."]
    assert "fsync" in found["What is confirmed to a laptop is on the disk, with checksums."]


def test_i08_the_handbooks_way_back_from_a_backup_works_here(
    site: Site, plan: Plan, new_laptop: Callable[[str], Laptop], tmp_path: Path
) -> None:
    laptop = new_laptop("Stand 5")
    with closing(line_of(laptop, site.layout.ca)) as line:
        sent = laptop.facts(2)
        push(line, sent)
    url = plan.server.local_url("postgres")
    backup = back_up(url, tmp_path)

    for command in (
        ["dropdb", "--force", "stojnica"],
        ["createdb", "--template=template0", f"--owner={site.layout.office_role}", "stojnica"],
    ):
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run([*as_postgres, command[0], f"--port={site.port}", *command[1:]], check=True, cwd="/")
    restored = restore(url, backup.file)
    site.install((HOST, "localhost"))

    assert restored.content.facts == backup.facts
    assert site.plan((HOST, "localhost")).steps == ()
    with closing(line_of(laptop, site.layout.ca)) as line:
        assert push(line, sent) == ["present"] * 2
    assert "added up" in as_service_user(site, "project")


def set_fsync(plan: Plan, admin: psycopg.Connection[tuple[object, ...]], value: str) -> None:
    """Change a setting as an administrator would who knows better, and wait until it holds."""
    change = "SET fsync = off" if value == "off" else "RESET fsync"
    admin.execute(f"ALTER SYSTEM {change}")
    admin.execute("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connect(plan.server.local_url("postgres")) as connection:
            if connection.execute("SHOW fsync").fetchone() == (value,):
                return
    raise AssertionError("the server doesn't read its settings")


def test_another_name_renews_the_certificate_and_connected_laptops_stay(
    site: Site, new_laptop: Callable[[str], Laptop]
) -> None:
    laptop = new_laptop("Stand 4")
    old = site.layout.server_pem.read_bytes()

    with closing(line_of(laptop, site.layout.ca)) as line:
        renewed = site.install((HOST, "localhost", "second.example.org"))
        hello(line, [])
    found = {one.text: one.is_fine for one in site.look(renewed)}

    assert [step.name for step in renewed.steps] == ["note", "certificate", "reload"]
    assert site.layout.server_pem.read_bytes() != old
    assert found["Laptops reach second.example.org with TLS, and the certificate fits."]
    assert days_left(site.layout.server_pem.read_bytes()) < 825
    site.install((HOST, "localhost"))


def test_other_clusters_are_as_they_were(
    others: tuple[list[str], dict[str, tuple[bytes, float]]], site: Site
) -> None:
    now = {path: seen for path, seen in files_below(Path("/etc/postgresql")).items() if "/stj" not in path}

    assert (listed(), now) == others


def test_a_foreign_cluster_of_the_same_name_is_left_alone(site: Site, plan: Plan) -> None:
    stranger = Site()
    stranger.layout = Layout(
        folder=stranger.top / "etc",
        units=stranger.top / "units",
        backups=stranger.top / "backups",
        cluster=site.layout.cluster,
        service_user=stranger.layout.service_user,
    )
    try:
        with pytest.raises(UserFacingError) as caught:
            stranger.plan()
    finally:
        shutil.rmtree(stranger.top)

    assert caught.value.code == "foreign_cluster"
    assert stranger.machine.journal == []
