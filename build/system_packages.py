"""What the scripts need of the operating system: shared libraries, and apt where there is one."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

# Shared library → the Debian and Ubuntu package that brings it. Qt loads these even without a display.
OFFSCREEN_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}

# A real window needs these too; Qt's own message blames xcb-cursor, whichever of them is missing.
WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
}

# Reading this drop-in, Debian's server package makes no cluster of its own and starts no server.
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/stojnica-tests.conf")


class AptError(Exception):
    """Tell that apt could not install what was asked for; the text is apt's own last words."""


def is_root() -> bool:
    """Tell whether packages may be installed right away."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def has_apt() -> bool:
    """Tell whether this is a system of Debian's family."""
    return shutil.which("apt-get") is not None


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether a window can be shown; macOS and Windows always have a screen of their own."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(
    libraries: Mapping[str, str], loads: Callable[[str], bool] = _loads, platform: str = sys.platform
) -> list[str]:
    """Give the packages whose library does not load, in the order given; only Linux can lack any."""
    if not platform.startswith("linux"):
        return []
    return [package for library, package in libraries.items() if not loads(library)]


def missing_venv_package(find: Callable[[str], object] = importlib.util.find_spec) -> list[str]:
    """Give the package that brings `venv` and `ensurepip`; Debian ships Python without the second."""
    if find("venv") and find("ensurepip"):
        return []
    return [f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"]


def missing_test_packages() -> list[str]:
    """Give the packages that let more tests run.

    A PostgreSQL with TLS, PDF readers, a virtual screen, a message bus with a keyring, and sticks as cameras
    format them. A print system would start a service for good: who wants its tests installs cups themselves.
    A keyring is started by a login alone, and the tests bring a bus of their own.
    """
    wanted = []
    if not shutil.which("postgres") and not any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        wanted.append("postgresql")
    if not shutil.which("pdftotext"):
        wanted.append("poppler-utils")
    if not shutil.which("qpdf"):
        wanted.append("qpdf")
    if not shutil.which("Xvfb"):
        wanted.append("xvfb")
    if not shutil.which("dbus-daemon"):
        wanted.append("dbus-daemon")
    if not shutil.which("gnome-keyring-daemon"):
        wanted.append("gnome-keyring")
    if Path("/dev/loop-control").exists():  # A file can be a stick.
        sticks = {"mkfs.vfat": "dosfstools", "mkfs.exfat": "exfatprogs", "mount.exfat-fuse": "exfat-fuse"}
        path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
        wanted += [package for program, package in sticks.items() if not shutil.which(program, path=path)]
    # Pillow shapes text with it; our own kerning is compared with what that gives.
    return wanted + missing_libraries({"libfribidi.so.0": "libfribidi0"})


def apt_line(packages: Iterable[str]) -> str:
    """Give the one line that someone without root's rights types."""
    return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def install(packages: list[str]) -> None:
    """Install with apt, as root, and start no service; the package lists are fetched when they are too old.

    Raises:
        AptError: nothing can be had; the text says why.
    """
    with _no_cluster_made(packages):
        if _apt_get("install", "--no-install-recommends", *packages) is None:
            return
        update = _apt_get("update")
        failure = _apt_get("install", "--no-install-recommends", *packages)
    if failure is not None:
        raise AptError(failure or update or "apt-get gave no reason")


def _apt_get(*arguments: str) -> str | None:
    """Give nothing when it went well, else apt's own last lines."""
    # In a session of its own, since an interrupted dpkg leaves the machine half-configured.
    with subprocess.Popen(
        ["apt-get", "-y", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as child:
        try:
            said, _ = child.communicate()
        except KeyboardInterrupt:
            print("apt finishes first …", file=sys.stderr, flush=True)
            child.communicate()
            raise
    if child.returncode == 0:
        return None
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return "\n".join(lines[-6:])


@contextmanager
def _no_cluster_made(packages: list[str]) -> Iterator[None]:
    if "postgresql" not in packages or _NO_CLUSTER.exists():
        yield
        return
    _NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    _NO_CLUSTER.write_text("# For the time of one installation.\ncreate_main_cluster = false\n", "utf-8")
    try:
        yield
    finally:
        # A later `apt-get install postgresql` by the owner of the machine behaves as ever.
        _NO_CLUSTER.unlink(missing_ok=True)
