"""Set everything up, then run the checks and the tests, and sum up in plain lines."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import environment

ROOT = environment.ROOT
QUICK = ("unit", "records", "storage")
SLOW_FOLDERS = ("bench", "frozen")
EVERYDAY = "not frozen and not nightly"
SPELLED = ("README.md", "build", "desktop", "resources", "tests", "pyproject.toml")


@dataclass
class Step:
    """One line of the sum at the end."""

    name: str
    passed: bool
    seconds: float
    counts: Counts = field(default_factory=lambda: Counts())


@dataclass
class Counts:
    """How many tests there were, as pytest itself wrote them down."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def read_counts(report: Path) -> Counts:
    """Read pytest's own report; no report means that no test ran."""
    if not report.is_file():
        return Counts()
    total = Counts()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        total += Counts(int(suite.get("tests", 0)) - failed - skipped, failed, skipped)
    return total


class Checks:
    """Run the steps one after the other and remember how each went."""

    def __init__(self, python: Path) -> None:
        self._python = str(python)
        self._environ = _test_environ(dict(os.environ))
        self.steps: list[Step] = []

    def quick(self) -> None:
        """Run what needs no test: style, types, layers, spelling, catalogues, promises. It shows failures."""
        build = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "build").glob("*.py"))
        spelled = [name for name in SPELLED if (ROOT / name).exists()]
        self._check("ruff check", ["-m", "ruff", "check", "."])
        self._check("ruff format", ["-m", "ruff", "format", "--check", "."])
        self._check("mypy", ["-m", "mypy"])
        self._check("mypy build", ["-m", "mypy", "--strict", *build])
        self._check("layers", ["-c", "from importlinter.cli import lint_imports_command as c; c()"])
        self._check("spelling", ["-m", "codespell_lib", *spelled])
        self._check("catalogues", ["build/catalogues.py", "--check"])
        self._check("promises", ["build/promises.py", "--check"])

    def pytest(
        self, name: str, arguments: list[str], *, parallel: bool = True, may_be_empty: bool = False
    ) -> bool:
        """Run pytest, its output as it comes, and give whether all went well."""
        report = ROOT / ".work" / "pytest.xml"
        report.parent.mkdir(exist_ok=True)
        report.unlink(missing_ok=True)
        command = [self._python, "-m", "pytest", f"--junitxml={report}", *arguments]
        if parallel:
            command += ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "loadfile"]
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        code = _run_child(command, self._environ)
        passed = code == 0 or (may_be_empty and code == 5)
        self.steps.append(Step(name, passed, time.monotonic() - began, read_counts(report)))
        return passed

    def measure(self, names: list[str]) -> None:
        """Print the ratios of the benchmarks; a missed aim is said there, and fails nothing."""
        subprocess.run([self._python, "tests/bench", *names], cwd=ROOT, env=self._environ, check=False)

    def soak(self, minutes: float, seed: list[str]) -> int:
        """Run the sync machine; each round prints its seed and its steps, and the first failure ends it."""
        command = [self._python, "tests/sync/soak.py", str(minutes), *seed]
        return _run_child(command, self._environ)

    def sum_up(self) -> int:
        """Print a line a step and the sum, and give the exit code."""
        print()
        for step in self.steps:
            tests = f"  ({step.counts})" if step.counts != Counts() else ""
            print(f"{'ok' if step.passed else 'FAILED':7}{step.seconds:7.1f} s  {step.name}{tests}")
        total = Counts()
        for step in self.steps:
            total += step.counts
        print(f"tests: {total}", flush=True)
        return 0 if all(step.passed for step in self.steps) else 1

    def _check(self, name: str, arguments: list[str]) -> None:
        began = time.monotonic()
        done = subprocess.run(
            [self._python, *arguments],
            cwd=ROOT,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        step = Step(name, done.returncode == 0, time.monotonic() - began)
        self.steps.append(step)
        print(f"{'ok' if step.passed else 'FAILED':7}{step.seconds:7.1f} s  {name}", flush=True)
        if not step.passed:
            print(done.stdout.decode("utf-8", "replace"), flush=True)


def _test_environ(environ: dict[str, str]) -> dict[str, str]:
    """Keep tests off the screen and off the home of whoever runs them."""
    environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in [name for name in environ if name.startswith("STOJNICA_")]:
        del environ[name]
    return environ


def _run_child(command: list[str], environ: dict[str, str]) -> int:
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL) as child:
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.wait()  # Ctrl-C reached pytest too: it takes its servers down and sums up.
            raise
        except SystemExit:
            child.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
            child.wait()
            raise


def _end_like_ctrl_c(number: int, frame: object) -> NoReturn:
    """Turn an end asked for by the system into one that takes the tests' servers down too."""
    sys.exit(128 + number)


def test_folders() -> tuple[list[str], list[str]]:
    """Give the folders of quick tests, and the others that an ordinary run has; empty ones are left out."""
    filled = sorted(
        folder.name
        for folder in (ROOT / "tests").iterdir()
        if folder.name not in SLOW_FOLDERS and any(folder.glob("**/test_*.py"))
    )
    return [name for name in filled if name in QUICK], [name for name in filled if name not in QUICK]


def _everyday(checks: Checks) -> None:
    checks.quick()
    for names in test_folders():
        if names:
            folders = [f"tests/{name}" for name in names]
            checks.pytest(f"tests: {', '.join(names)}", [*folders, "-m", EVERYDAY])


def _parse(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="python3 build/test.py",
        allow_abbrev=False,
        description="Sets everything up and runs all checks and tests. Any other arguments go to pytest, "
        "which then runs alone: python3 build/test.py tests/sync -k proof",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--bench", action="store_true", help="measure and print ratios; fails nothing")
    mode.add_argument("--frozen", action="store_true", help="build the frozen program and try it")
    mode.add_argument("--nightly", action="store_true", help="the long tests too")
    mode.add_argument(
        "--soak",
        type=float,
        metavar="MIN",
        help="let laptops, copies, restores and cuts meet in any order for so many minutes, with a new seed"
        " each round; a number behind it is a seed to run again",
    )
    return parser.parse_known_args(arguments)


def main(arguments: list[str]) -> int:
    """Set up, run what was asked for, and sum up."""
    options, extra = _parse(arguments)
    signal.signal(signal.SIGTERM, _end_like_ctrl_c)
    checks = Checks(environment.prepare(for_tests=True))
    if options.bench:
        checks.measure(extra)
        return 0
    if options.frozen:
        freeze = subprocess.run([str(environment.venv_python()), "build/freeze.py"], cwd=ROOT, check=False)
        if freeze.returncode != 0:
            return freeze.returncode
        checks.pytest("frozen build", ["tests/frozen", "-m", "frozen", *extra], parallel=False)
    elif options.soak is not None:
        return checks.soak(options.soak, extra)
    elif options.nightly:
        _everyday(checks)
        checks.pytest(
            "nightly", ["tests", "--ignore=tests/frozen", "-m", "nightly", *extra], may_be_empty=True
        )
    elif extra:
        checks.pytest("chosen tests", extra, parallel=False)
    else:
        _everyday(checks)
    return checks.sum_up()


if __name__ == "__main__":
    environment.run_main(main)
