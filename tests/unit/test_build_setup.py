"""Rules of the set-up scripts: what is missing, what is shown, when the environment fits."""

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"build_{name}", BUILD / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.syspath_prepend(BUILD)
    return load


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the two files that the stamp depends on, and an environment without a Python."""
    (tmp_path / "requirements.lock").write_text("alembic==1.20.1\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", "utf-8")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.2\n", "utf-8")
    (tmp_path / ".work").mkdir()
    return tmp_path


def test_only_the_packages_of_libraries_that_do_not_load_are_missing(
    scripts: Callable[[str], ModuleType],
) -> None:
    packages = scripts("system_packages")
    libraries = {"libGL.so.1": "libgl1", "libEGL.so.1": "libegl1"}

    missing = packages.missing_libraries(
        libraries, loads=lambda name: name != "libEGL.so.1", platform="linux"
    )

    assert missing == ["libegl1"]


def test_no_library_is_missing_where_qt_brings_its_own(scripts: Callable[[str], ModuleType]) -> None:
    packages = scripts("system_packages")

    missing = packages.missing_libraries({"libGL.so.1": "libgl1"}, loads=lambda name: False, platform="win32")

    assert missing == []


def test_a_python_without_ensurepip_names_the_package_of_its_own_version(
    scripts: Callable[[str], ModuleType],
) -> None:
    packages = scripts("system_packages")

    missing = packages.missing_venv_package(find=lambda name: None if name == "ensurepip" else name)

    assert missing == [f"python3.{sys.version_info[1]}-venv"]


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_display_is_what_the_system_says_it_is(
    scripts: Callable[[str], ModuleType], environ: dict[str, str], platform: str, expected: bool
) -> None:
    packages = scripts("system_packages")

    assert packages.has_display(environ, platform) is expected


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  Downloading pyside6_essentials-6.12.0-cp310-abi3-x.whl (84.3 MB)\n", "pyside6-essentials: 84 MB"),
        ("  Downloading alembic-1.20.1-py3-none-any.whl (264 kB)\n", ""),
        ("  Downloading reportlab-5.1.0-py3-none-any.whl (2.0 MB)\n", ""),
        ("Installing collected packages: tzdata, alembic\n", "unpacking …"),
        ("Installing collected packages: stojnica\n", ""),
        ("Collecting alembic==1.20.1\n", ""),
    ],
)
def test_of_pips_lines_only_long_waits_are_shown(
    scripts: Callable[[str], ModuleType], line: str, shown: str
) -> None:
    environment = scripts("environment")

    assert environment.worth_showing(line) == shown


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", ".venv/pyvenv.cfg"])
def test_a_changed_lock_file_project_or_python_asks_for_another_stamp(
    scripts: Callable[[str], ModuleType], checkout: Path, changed: str
) -> None:
    environment = scripts("environment")
    before = environment.wanted_stamp(checkout)

    (checkout / changed).write_text("version = 3.12.1\n", "utf-8")

    assert environment.wanted_stamp(checkout) != before


def test_a_moved_folder_is_noticed(scripts: Callable[[str], ModuleType], checkout: Path) -> None:
    environment = scripts("environment")
    before = environment.wanted_stamp(checkout)

    stamp = f"{before}\n{checkout}\n"
    (checkout / ".venv" / "stojnica-ready").write_text(stamp, "utf-8")
    assert not environment._was_moved(checkout)

    moved = checkout.rename(checkout.with_name("moved"))

    assert environment.wanted_stamp(moved) != before
    assert environment._was_moved(moved)


def test_an_environment_whose_python_is_gone_is_not_ready(
    scripts: Callable[[str], ModuleType], checkout: Path
) -> None:
    environment = scripts("environment")
    (checkout / ".venv" / "stojnica-ready").write_text(environment.wanted_stamp(checkout), "utf-8")

    assert not environment.is_ready(checkout)


def test_an_interrupted_installation_is_not_ready_whatever_the_stamp_says(
    scripts: Callable[[str], ModuleType], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = scripts("environment")
    (checkout / ".venv" / "stojnica-ready").write_text(environment.wanted_stamp(checkout), "utf-8")
    monkeypatch.setattr(environment, "_starts", lambda root, statement: True)
    assert environment.is_ready(checkout)

    (checkout / ".work" / "set-up-unfinished").write_text("", "utf-8")

    assert not environment.is_ready(checkout)


def test_a_user_without_root_is_given_one_line_to_type(
    scripts: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = scripts("environment")
    monkeypatch.setattr(environment.system_packages, "is_root", lambda: False)
    monkeypatch.setattr(environment.system_packages, "has_apt", lambda: True)

    with pytest.raises(environment.SetUpError) as stop:
        environment._install_system_packages(["python3.11-venv", "libgl1"], [])

    assert "install -y --no-install-recommends python3.11-venv libgl1\n" in str(stop.value)


def test_a_failing_apt_stops_with_its_own_words_and_the_line(
    scripts: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = scripts("environment")

    def refuse(packages: list[str]) -> None:
        raise environment.system_packages.AptError("E: Unable to locate package libgl1")

    monkeypatch.setattr(environment.system_packages, "is_root", lambda: True)
    monkeypatch.setattr(environment.system_packages, "has_apt", lambda: True)
    monkeypatch.setattr(environment.system_packages, "install", refuse)

    with pytest.raises(environment.SetUpError, match="Unable to locate package libgl1") as stop:
        environment._install_system_packages(["libgl1"], [])

    assert "sudo apt-get install" in str(stop.value)


def test_packages_that_only_let_more_tests_run_stop_nothing(
    scripts: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = scripts("environment")

    def refuse(packages: list[str]) -> None:
        raise environment.system_packages.AptError("E: no network")

    monkeypatch.setattr(environment.system_packages, "install", refuse)

    environment._install_system_packages([], ["xvfb"])

    assert "the tests that need them are skipped" in capsys.readouterr().err


def test_the_environment_of_pip_keeps_packages_inside(scripts: Callable[[str], ModuleType]) -> None:
    environment = scripts("environment")

    kept = environment._pip_environ(
        {"PIP_TARGET": "elsewhere", "PYTHONPATH": "x", "PIP_USER": "1", "HOME": "/h"}
    )

    assert kept["PIP_USER"] == "0"
    assert kept["HOME"] == "/h"
    assert not {"PIP_TARGET", "PYTHONPATH"} & set(kept)


@pytest.mark.parametrize(
    ("given", "passed_on"),
    [
        ([], ["demo"]),
        (["--headless", "--out", "there"], ["demo", "--headless", "--out", "there"]),
        (["demo", "--help"], ["demo", "--help"]),
        (["sync", "--json"], ["sync", "--json"]),
    ],
)
def test_without_a_verb_the_practice_stand_opens(
    scripts: Callable[[str], ModuleType], given: list[str], passed_on: list[str]
) -> None:
    run = scripts("run")

    assert run.stojnica_arguments(given) == passed_on


@pytest.mark.skipif(os.name == "nt", reason="Windows waits for the program instead of becoming it")
def test_the_programs_exit_code_is_the_scripts(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(BUILD)!r}); import environment; "
        "environment.replace_process([sys.executable, '-c', 'raise SystemExit(7)'])"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False, timeout=60)

    assert done.returncode == 7


def test_counts_come_from_pytests_own_report(scripts: Callable[[str], ModuleType], tmp_path: Path) -> None:
    script = scripts("test")
    report = tmp_path / "pytest.xml"
    report.write_text(
        '<testsuites><testsuite tests="10" failures="1" errors="1" skipped="3"/></testsuites>', "utf-8"
    )

    counts = script.read_counts(report)

    assert str(counts) == "5 passed, 2 failed, 3 skipped"
    assert script.read_counts(tmp_path / "none.xml") == script.Counts()


def test_tests_never_see_the_home_of_whoever_runs_them(scripts: Callable[[str], ModuleType]) -> None:
    script = scripts("test")

    environ = script._test_environ({"STOJNICA_HOME": "/home/ana/stojnica", "PATH": "/bin"})

    assert environ == {"PATH": "/bin", "QT_QPA_PLATFORM": "offscreen"}


def test_the_lock_file_names_no_registry_and_every_package_has_its_hash() -> None:
    lock = (BUILD.parent / "requirements.lock").read_text("utf-8")

    assert "://" not in lock
    packages = [line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))]
    assert packages
    assert all(line.endswith("\\") for line in packages)


def test_everything_that_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((BUILD.parent / "pyproject.toml").read_text("utf-8"))
    lock = (BUILD.parent / "requirements.lock").read_text("utf-8")
    locked = {line.split("==")[0] for line in lock.splitlines() if "==" in line}

    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        asked += extra

    names = {re.split(r"[\[><=~! ]", each)[0].lower().replace("_", "-") for each in asked}
    assert names <= locked
