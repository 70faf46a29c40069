"""What a server still needs is said before it is done, and done as it was said."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.central.pretend_machine import PowerCutError, PretendHub, PretendMachine, outline

from stojnica.central.install import Plan, carry_out, plan_server
from stojnica.central.installing.layout import CONF_ROOT, DATA_ROOT, Layout
from stojnica.central.installing.survey import OS_RELEASE
from stojnica.central.keys import PUBLIC_FILE
from stojnica.domain.errors import UserFacingError

HOSTS = ("hub.example.org", "203.0.113.5")
LAYOUT = Layout(program=("/opt/stojnica/bin/python", "-m", "stojnica"))
ALL_STEPS = [
    "note",
    "packages",
    "user",
    "authority",
    "cluster",
    "certificate",
    "settings",
    "access",
    "start",
    "database",
    "timers",
]


class Site:
    """One machine in memory, and what is done to it."""

    def __init__(self, *, with_systemd: bool = True) -> None:
        self.machine = PretendMachine(with_systemd=with_systemd)
        self.hub = PretendHub(self.machine)

    def plan(self, name: str = "", hosts: tuple[str, ...] = (), port: int | None = None) -> Plan:
        return plan_server(self.machine, self.hub, LAYOUT, name=name, hosts=hosts, port=port)

    def install(self, name: str = "Organisation", hosts: tuple[str, ...] = HOSTS) -> Plan:
        plan = self.plan(name, hosts)
        carry_out(plan)
        return plan

    def refusal(self, name: str = "Organisation", hosts: tuple[str, ...] = HOSTS) -> UserFacingError:
        before = dict(self.machine.files)
        with pytest.raises(UserFacingError) as caught:
            self.plan(name, hosts)
        assert self.machine.journal == []
        assert self.machine.files == before
        return caught.value


@pytest.fixture
def site() -> Site:
    return Site()


def names(plan: Plan) -> list[str]:
    return [step.name for step in plan.steps]


def changes(plan: Plan) -> list[str]:
    return [change for step in plan.steps for change in step.changes]


def test_an_empty_machine_is_told_each_step_in_words_and_nothing_is_changed_yet(site: Site) -> None:
    plan = site.plan("Organisation", HOSTS)

    assert names(plan) == ALL_STEPS
    assert site.machine.journal == []
    words = [step.words for step in plan.steps]
    assert "Install PostgreSQL 15 from the packages of this system." in words
    assert any("hub.example.org, 203.0.113.5" in text for text in words)
    assert all(text.endswith(".") and "{" not in text for text in words)


def test_what_the_plan_says_is_what_was_done(site: Site) -> None:
    plan = site.install()

    assert changes(plan) == site.machine.journal


def test_a_second_run_has_nothing_to_do(site: Site) -> None:
    site.install()

    again = site.plan()

    assert names(again) == []


def test_the_packages_bring_no_cluster_that_nobody_asked_for(site: Site) -> None:
    site.install()

    said = site.machine.read(Path("/etc/postgresql-common/createcluster.d/stojnica.conf"))
    assert said is not None
    assert b"create_main_cluster = false" in said


def test_keys_are_for_those_alone_who_need_them(site: Site) -> None:
    site.install()

    found = outline(site.machine)
    assert found["/etc/stojnica/authority"] == ("root", 0o700)
    assert found["/etc/stojnica/authority/authority.pem"] == ("root", 0o600)
    assert found["/etc/stojnica/server/server.pem"] == ("postgres", 0o600)
    assert found["/etc/stojnica/office.url"] == ("root", 0o600)
    assert found["/etc/stojnica/ca.pem"] == ("root", 0o644)
    public = site.machine.read(Path("/etc/stojnica/ca.pem"))
    assert public is not None
    assert b"PRIVATE" not in public


def test_a_power_cut_after_any_change_is_made_good_by_the_next_run() -> None:
    whole = Site()
    total = len(changes(whole.install()))

    for count in range(total):
        cut = Site()
        cut.machine.cut_after = count
        with pytest.raises(PowerCutError):
            cut.install()
        cut.machine.cut_after = None
        cut.install()

        assert outline(cut.machine) == outline(whole.machine), count
        assert names(cut.plan()) == [], count
        assert cut.hub.password is not None, count


def test_a_cluster_that_was_never_started_is_made_anew_and_one_that_ran_is_kept(site: Site) -> None:
    site.install()
    del site.machine.files[CONF_ROOT / "15" / "stojnica" / "conf.d" / "stojnica.conf"]
    site.machine.clusters[15, "stojnica"]["running"] = False

    assert names(site.plan()) == ["settings", "start", "database"]

    del site.machine.files[DATA_ROOT / "15" / "stojnica" / "postmaster.opts"]
    assert changes(site.plan())[0] == "pg_dropcluster 15 stojnica"


def test_data_of_a_run_that_was_cut_short_goes_and_data_that_was_used_stays(site: Site) -> None:
    data = DATA_ROOT / "15" / "stojnica"
    site.machine.cut_after = 3
    with pytest.raises(PowerCutError):
        site.install()
    site.machine.cut_after = None
    site.machine.put(data / "PG_VERSION", b"15\n")
    before = len(site.machine.journal)

    plan = site.plan()
    assert f"rm -r --one-file-system -- {data}" in changes(plan)

    site.machine.put(data / "postmaster.opts", b"")
    with pytest.raises(UserFacingError) as caught:
        site.plan()
    assert caught.value.code == "foreign_data"
    assert len(site.machine.journal) == before


def test_other_names_renew_the_certificate_and_touch_nothing_else(site: Site) -> None:
    site.install()
    authority = site.machine.read(LAYOUT.ca)
    password = site.hub.password

    plan = site.install(hosts=("hub.example.org", "198.51.100.7"))

    assert names(plan) == ["note", "certificate", "reload"]
    assert site.machine.read(LAYOUT.ca) == authority
    assert site.hub.password == password
    assert names(site.plan()) == []


def test_a_first_name_that_changed_is_in_the_offices_address_with_the_same_password(site: Site) -> None:
    site.install()
    password = site.hub.password

    site.install(hosts=("other.example.org",))

    address = site.machine.read(LAYOUT.office_url)
    assert address is not None
    assert f":{password}@other.example.org:5432/".encode() in address
    assert site.hub.password == password


def test_a_certificate_from_elsewhere_is_replaced(site: Site) -> None:
    site.install()
    foreign = Site()
    foreign.install()
    entry = foreign.machine.files[LAYOUT.server_pem]
    site.machine.put(LAYOUT.server_pem, entry.content, entry.owner, entry.mode)

    assert names(site.plan()) == ["certificate", "reload"]


def test_an_authority_whose_key_was_put_away_is_never_replaced(site: Site) -> None:
    site.install()
    del site.machine.files[LAYOUT.authority]

    assert names(site.plan()) == []
    with pytest.raises(UserFacingError) as caught:
        site.install(hosts=("other.example.org",))
    assert caught.value.code == "authority_missing"


def test_an_offices_address_that_a_person_took_away_is_not_made_again(site: Site) -> None:
    site.install()
    del site.machine.files[LAYOUT.office_url]

    assert names(site.plan()) == []


def test_settings_that_were_changed_by_hand_come_back(site: Site) -> None:
    site.install()
    hba = CONF_ROOT / "15" / "stojnica" / "pg_hba.conf"
    site.machine.put(hba, b"host all all all trust\n", "postgres", 0o640)

    plan = site.install()

    assert names(plan) == ["access", "reload"]
    assert b"trust" not in (site.machine.read(hba) or b"")
    # What Debian had written is kept, rather than what was written over ours.
    assert site.machine.read(hba.with_name("pg_hba.conf.before-stojnica")) == b"# Debian's\n"


def test_a_server_that_has_not_read_its_files_yet_is_told_to(site: Site) -> None:
    site.install()
    cluster = site.machine.clusters[15, "stojnica"]

    cluster["loaded"] = 0.0
    assert names(site.plan()) == ["reload"]
    cluster["started"] = 0.0
    assert names(site.plan()) == ["restart"]


def test_without_systemd_the_units_are_written_and_nobody_is_told() -> None:
    site = Site(with_systemd=False)

    site.install()

    assert site.machine.read(LAYOUT.units / "stojnica-project.timer") is not None
    assert not any(change.startswith("systemctl") for change in site.machine.journal)
    assert names(site.plan()) == []


def test_backups_are_encrypted_once_the_organisations_public_keys_are_there(site: Site) -> None:
    site.install()
    unit = LAYOUT.units / "stojnica-backup.service"
    assert b"--keys" not in (site.machine.read(unit) or b"")

    site.machine.put(LAYOUT.public_keys / PUBLIC_FILE, b"{}")
    plan = site.install()

    assert names(plan) == ["timers"]
    assert b"--keep 30 --keys /etc/stojnica/keys\n" in (site.machine.read(unit) or b"")


def test_timers_that_somebody_switched_off_are_switched_on_again(site: Site) -> None:
    site.install()
    site.machine.active.clear()

    assert names(site.plan()) == ["timers"]


def test_without_root_it_says_so(site: Site) -> None:
    site.machine.root = False

    error = site.refusal()

    assert error.code == "not_root"
    assert "sudo" in error.next_step


@pytest.mark.parametrize(
    "release",
    [b"ID=fedora\nVERSION_ID=41\n", b'ID=debian\nVERSION_ID="11"\n', b'ID=ubuntu\nVERSION_ID="22.04"\n', b""],
)
def test_another_system_is_refused(site: Site, release: bytes) -> None:
    site.machine.put(OS_RELEASE, release)

    assert site.refusal().code == "not_debian"


@pytest.mark.parametrize(
    "release",
    [b'ID=ubuntu\nVERSION_ID="24.04"\n', b"ID=debian\n", b"ID=raspbian\nID_LIKE=debian\nVERSION_ID=13\n"],
)
def test_a_relative_of_debian_will_do(site: Site, release: bytes) -> None:
    site.machine.put(OS_RELEASE, release)

    assert names(site.plan("Organisation", HOSTS)) == ALL_STEPS


def test_a_cluster_of_somebody_else_is_left_alone(site: Site) -> None:
    site.machine.install_packages()
    site.machine.add_cluster("stojnica", 5433)

    assert site.refusal().code == "foreign_cluster"


def test_a_port_that_is_taken_is_refused_with_another_one_to_try(site: Site) -> None:
    site.machine.taken_ports = {5432}
    error = site.refusal()
    assert (error.code, "--port 5433" in error.next_step) == ("port_taken", True)

    site.machine.taken_ports = set()
    site.machine.install_packages()
    site.machine.add_cluster("main", 5432)
    assert site.refusal().code == "port_taken"
    assert "cluster" in names(site.plan("Organisation", HOSTS, 5433))


def test_a_port_that_laptops_know_does_not_change(site: Site) -> None:
    site.install()

    with pytest.raises(UserFacingError) as caught:
        site.plan(port=5433)

    assert caught.value.code == "port_known"


def test_a_disk_without_room_is_refused_before_anything_is_begun(site: Site) -> None:
    site.machine.free = 1_000

    assert site.refusal().code == "disk_full"


def test_packages_that_fail_say_what_apt_said_and_the_next_run_goes_on(site: Site) -> None:
    site.machine.failing = {"apt-get": "Reading…\nE: Unable to fetch some archives\n"}

    with pytest.raises(UserFacingError, match="apt-get failed: E: Unable to fetch some archives") as caught:
        site.install()

    assert "goes on from here" in caught.value.next_step
    site.machine.failing = {}
    assert names(site.install()) == ALL_STEPS[1:]


def test_an_old_postgresql_is_refused(site: Site) -> None:
    site.machine.policy = "postgresql:\n  Candidate: 14+238\n"
    assert site.refusal().code == "server_version"

    site.machine.policy = "postgresql:\n  Candidate: (none)\n"
    assert "apt-get update" in site.refusal().next_step


@pytest.mark.parametrize(
    ("name", "hosts", "code"),
    [
        ("", HOSTS, "name_missing"),
        ("Organisation", (), "host_missing"),
        ("Organisation", ("https://hub.example.org",), "host"),
        ("Organisation", ("hub.example.org:5432",), "host"),
        ("Organisation", ("-x",), "host"),
    ],
)
def test_what_is_missing_or_wrong_in_the_call_is_said(
    site: Site, name: str, hosts: tuple[str, ...], code: str
) -> None:
    error = site.refusal(name, hosts)

    assert error.code == code
    assert "--" in error.next_step


@pytest.mark.parametrize("name", ["", "A", "a b", "a;b", "../x", "a" * 40, "root", "postgres"])
def test_a_cluster_cannot_have_a_name_that_commands_would_misread(name: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        replace(LAYOUT, cluster=name)

    assert caught.value.code == "cluster_name"


def test_a_damaged_note_is_no_reason_to_begin_anew(site: Site) -> None:
    site.install()
    site.machine.put(LAYOUT.note, b"{")

    with pytest.raises(UserFacingError) as caught:
        site.plan("Organisation", HOSTS)

    assert caught.value.code == "note_damaged"


def test_a_programs_path_with_odd_letters_reaches_systemd_as_it_is(site: Site) -> None:
    layout = replace(LAYOUT, program=("/opt/my programs/100%/python", "-m", "stojnica"))

    carry_out(plan_server(site.machine, site.hub, layout, name="Organisation", hosts=HOSTS))

    unit = site.machine.read(LAYOUT.units / "stojnica-project.service") or b""
    assert b'ExecStart="/opt/my programs/100%%/python" -m stojnica central project ' in unit
