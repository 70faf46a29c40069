"""Make the environment that every script of this folder runs in: `.venv`, filled from the lock file."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

if sys.version_info < (3, 11):  # noqa: UP036 - these scripts are what an older Python meets first
    sys.exit(
        "Stojnica needs Python 3.11 or later; this is {}.{}. Debian 12 and Ubuntu 24.04 have one as python3. "
        "On Ubuntu 22.04 type: sudo apt-get install python3.11-venv, and then python3.11 instead "
        "of python3.".format(*sys.version_info[:2])
    )

import system_packages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]

# Measured on Debian 12 with a lock file of 61 wheels; what is said first comes from here.
PYTHON_DOWNLOAD_MB = 180
PYTHON_DISK_MB = 650
LIBRARIES_DOWNLOAD_MB = 60
TEST_PACKAGES_DOWNLOAD_MB = 85


class SetUpError(Exception):
    """Stop with a plain sentence: what is missing, and the line to type."""


def venv_python(root: Path = ROOT) -> Path:
    """Give the interpreter of the environment, there or not yet."""
    return venv_script("python", root)


def venv_script(name: str, root: Path = ROOT) -> Path:
    """Give a command that a package of the environment brings."""
    if os.name == "nt":
        return root / ".venv" / "Scripts" / f"{name}.exe"
    return root / ".venv" / "bin" / name


def prepare(*, for_tests: bool = False, root: Path = ROOT) -> Path:
    """Set up whatever is missing and give the environment's Python; silent when all is there.

    Raises:
        SetUpError: something must be done by hand first; the text says what.
    """
    must, may = _missing_packages(for_tests=for_tests, needs_venv=not venv_python(root).exists())
    if not must and not may and is_ready(root):
        return venv_python(root)
    with _one_at_a_time(root):
        # Another terminal may have finished the same work while this one waited.
        ready = is_ready(root)
        if not ready:
            _announce(root)
        _install_system_packages(must, may)
        if not ready:
            _install_python_packages(root)
    return venv_python(root)


def replace_process(command: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Become the command, so that signals and the exit code are its own; Windows waits for it instead."""
    sys.stdout.flush()
    sys.stderr.flush()
    environ = dict(os.environ if environ is None else environ)
    if os.name != "nt":
        os.execve(command[0], list(command), environ)
    with subprocess.Popen(list(command), env=environ) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # Ctrl-C reached the child too; it ends in its own way.


def run_main(main: Callable[[list[str]], int]) -> NoReturn:
    """Run a script's main with the words after its name, and turn a stop into a sentence and an exit code."""
    try:
        code = main(sys.argv[1:])
    except SetUpError as stop:
        print(stop, file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same line again to go on.", file=sys.stderr)
        code = 130
    sys.exit(code)


# What is there already


def wanted_stamp(root: Path) -> str:
    """Give what the stamp file says when the environment fits lock file, project, Python and place."""
    parts = [b"1", str(root).encode(), _python_of_venv(root).encode()]
    parts += [(root / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")]
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def is_ready(root: Path) -> bool:
    """Tell whether the environment is complete, fits, and its Python starts."""
    stamp = _stamp(root)
    if not stamp.is_file() or _unfinished(root).exists():
        return False
    return stamp.read_text("utf-8").split("\n")[0] == wanted_stamp(root) and _starts(root, "import stojnica")


def _stamp(root: Path) -> Path:
    return root / ".venv" / "stojnica-ready"


def _unfinished(root: Path) -> Path:
    """Give the mark of an installation under way, outside of the folder that it fills."""
    return root / ".work" / "set-up-unfinished"


def _was_moved(root: Path) -> bool:
    """Tell whether the environment was filled elsewhere: its commands begin with the old place."""
    stamp = _stamp(root)
    return stamp.is_file() and stamp.read_text("utf-8").split("\n")[1:2] != [str(root)]


def _python_of_venv(root: Path) -> str:
    try:
        settings = (root / ".venv" / "pyvenv.cfg").read_text("utf-8")
    except OSError:
        return ""
    found = re.search(r"^version\s*=\s*(\S+)", settings, re.MULTILINE)
    return found.group(1) if found else ""


def _starts(root: Path, statement: str) -> bool:
    """Try the environment's Python: it is gone after a system upgrade or a moved folder."""
    minor = ".".join(_python_of_venv(root).split(".")[:2])
    check = (
        f"import sys; v = sys.version_info; assert v >= (3, 11) and '%d.%d' % v[:2] == {minor!r}; {statement}"
    )
    command = [str(venv_python(root)), "-c", check]
    try:
        return subprocess.run(command, capture_output=True, cwd=root, check=False).returncode == 0
    except OSError:
        return False


# What the system brings


def _missing_packages(*, for_tests: bool, needs_venv: bool) -> tuple[list[str], list[str]]:
    """Give the packages that nothing runs without, and those that only let more tests run."""
    libraries = dict(system_packages.OFFSCREEN_LIBRARIES)
    has_display = system_packages.has_display(os.environ)
    if has_display:
        libraries.update(system_packages.WINDOW_LIBRARIES)
    must = system_packages.missing_libraries(libraries)
    if needs_venv:
        must = system_packages.missing_venv_package() + must
    may = []
    if for_tests and system_packages.is_root() and system_packages.has_apt():
        may = system_packages.missing_test_packages()
        if not has_display:  # The virtual screen of the tests needs what a real one does.
            may += system_packages.missing_libraries(system_packages.WINDOW_LIBRARIES)
    return must, may


def _install_system_packages(must: list[str], may: list[str]) -> None:
    if must:
        require_system_packages(must)
    if not may:
        return
    _say(
        f"For the tests, apt installs {' '.join(may)}: up to {TEST_PACKAGES_DOWNLOAD_MB} MB, "
        "about a minute. No database server is started by this."
    )
    try:
        system_packages.install(may)
    except system_packages.AptError as failure:
        _say(f"That did not work; the tests that need them are skipped.\n{failure}")


def require_system_packages(packages: list[str]) -> None:
    """Install these with apt, as root.

    Raises:
        SetUpError: it can't be done here; the text says what to type.
    """
    names = " ".join(packages)
    if not system_packages.has_apt():
        raise SetUpError(
            "This system lacks some libraries. Install what your distribution has in the place of these "
            f"Debian packages, then run this again:\n\n    {names}\n"
        )
    line = system_packages.apt_line(packages)
    if not system_packages.is_root():
        raise SetUpError(
            f"Some system packages are missing. Type this line once, then run this again:\n\n    {line}\n"
        )
    _say(f"apt installs {names}: up to {LIBRARIES_DOWNLOAD_MB} MB, about a minute.")
    try:
        system_packages.install(packages)
    except system_packages.AptError as failure:
        raise SetUpError(
            f"apt could not install what is missing. It said:\n\n{failure}\n\n"
            f"Nothing else was changed. When that is mended, run this again, or type:\n\n    {line}\n"
        ) from None


# What Python brings


def _announce(root: Path) -> None:
    first = not (root / ".venv").exists()
    _say(
        ("Setting Stojnica up" if first else "Bringing the environment up to date")
        + f" in {root / '.venv'}: it downloads up to {PYTHON_DOWNLOAD_MB} MB of Python packages "
        f"(1 to 5 minutes on an ordinary line) and takes {PYTHON_DISK_MB} MB of disk."
    )


def _install_python_packages(root: Path) -> None:
    began = time.monotonic()
    log = root / ".work" / "set-up.log"
    log.write_text("", "utf-8")
    is_usable = not _unfinished(root).exists() and not _was_moved(root) and _starts(root, "import pip")
    _unfinished(root).write_text("The environment is half-filled: the next run makes it anew.\n", "utf-8")
    if not is_usable:
        _make_venv(root, log)
    _stamp(root).unlink(missing_ok=True)
    pip = [str(venv_python(root)), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    _do([*pip, "--require-hashes", "-r", str(root / "requirements.lock")], root, log)
    _do([*pip, "--no-deps", "--no-build-isolation", "-e", str(root)], root, log)
    _stamp(root).write_text(f"{wanted_stamp(root)}\n{root}\n", "utf-8")
    _unfinished(root).unlink()
    _say(f"Ready after {time.monotonic() - began:.0f} s.")


def _make_venv(root: Path, log: Path) -> None:
    missing = system_packages.missing_venv_package()
    if missing and not _installed_meanwhile():
        require_system_packages(missing)
    # From inside another environment, the Python that it was made of makes ours.
    python = getattr(sys, "_base_executable", None) or sys.executable
    _do([python, "-m", "venv", "--clear", str(root / ".venv")], root, log)


def _installed_meanwhile() -> bool:
    done = subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    return done.returncode == 0


def _do(command: list[str], root: Path, log: Path) -> None:
    """Run one step of the set-up; only large downloads are shown, everything goes to the log."""
    with log.open("a", encoding="utf-8") as written:
        code = _follow(command, root, written)
    if code != 0:
        last = "\n".join(log.read_text("utf-8").strip().splitlines()[-8:])
        raise SetUpError(
            f"Setting up did not work. The last it said:\n\n{last}\n\n"
            f"All of it is in {log}. Is there a network, and room on the disk? Then run this again."
        )


def _follow(command: list[str], root: Path, log: TextIO) -> int:
    with subprocess.Popen(
        command,
        cwd=root,
        env=_pip_environ(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as child:
        assert child.stdout is not None
        for raw in child.stdout:
            line = raw.decode("utf-8", "replace")
            log.write(line)
            if shown := worth_showing(line):
                _say("  " + shown)
    return child.returncode


def _pip_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Leave out the settings that send packages elsewhere: ours belong into the environment."""
    elsewhere = ("PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")
    kept = {name: value for name, value in environ.items() if name not in elsewhere}
    return {**kept, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}


def worth_showing(line: str) -> str:
    """Give what a person waits for in a line of pip's: a download of 5 MB or more, or the unpacking."""
    large = re.search(r"Downloading ([A-Za-z0-9_.]+)-\S*? \((\d+)(?:\.\d+)? MB\)", line)
    if large and int(large.group(2)) >= 5:
        return f"{large.group(1).replace('_', '-')}: {large.group(2)} MB"
    return "unpacking …" if re.match(r"Installing collected packages: \S+,", line) else ""


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    """Keep a second terminal from filling the same folder; the system lets go when a process dies."""
    try:
        (root / ".work").mkdir(exist_ok=True)
        handle = (root / ".work" / "set-up.lock").open("a+b")
    except OSError as trouble:
        raise SetUpError(
            f"{root} can't be written to ({trouble.strerror}); Stojnica keeps its environment there."
        ) from None
    with handle:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    # What a verb itself prints may be read by another program; this is not part of it.
    print(text, file=sys.stderr, flush=True)
