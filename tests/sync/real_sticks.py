"""Sticks as cameras and cars format them: FAT and exFAT of this machine, on a file that plays the device."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE_MB = 40
PATIENCE_S = 20.0
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
WHY_NOT = "no {kind} here: takes root, loop devices, and apt install exfat-fuse exfatprogs dosfstools"


class RealStick:
    """Format a file, and plug it in at `folder`: by the system's own driver, or for exFAT by FUSE's."""

    def __init__(self, folder: Path, kind: str, size_mb: int) -> None:
        self.folder = folder / "stick"
        self.folder.mkdir()
        self.kind = kind
        self._image = folder / "stick.img"
        self._device = ""
        self._name = f"stojnica-{os.getpid()}-{time.monotonic_ns()}"
        self._driver: subprocess.Popen[bytes] | None = None
        self._is_mapped = False
        with self._image.open("wb") as file:
            file.truncate(size_mb * 1024 * 1024)
        if sys.platform != "linux" or not self._format() or not self._attach():
            pytest.skip(WHY_NOT.format(kind=kind))

    def plug_in(self, *, is_read_only: bool = False) -> bool:
        """Mount it; tell whether this machine can."""
        options = "ro" if is_read_only else "rw"
        if _succeeds("mount", "-t", self.kind, "-o", f"{options},utf8" if self.kind == "vfat" else options,
                     self._device, str(self.folder)):  # fmt: skip
            return True
        if self.kind != "exfat" or shutil.which("mount.exfat-fuse", path=PATH) is None:
            return False
        self._driver = subprocess.Popen(
            ["mount.exfat-fuse", "-d", "-o", options, self._device, str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PATH": PATH},
        )
        until = time.monotonic() + PATIENCE_S
        while not self.folder.is_mount():
            if self._driver.poll() is not None or time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def take_out(self) -> None:
        """Unmount it as a person does who asked the system before."""
        _succeeds("umount", str(self.folder)) or _succeeds("umount", "-l", str(self.folder))
        if self._driver is not None:
            self._driver.wait(PATIENCE_S)
            self._driver = None

    def pull(self) -> None:
        """Let every read and write fail from now on, until it is plugged in again.

        Raises:
            pytest.skip.Exception: the system's own driver is at work, and no device here can fail.
        """
        if self._driver is not None:
            self._driver.kill()
            return
        if not self._is_mapped:
            pytest.skip("no device here that can be made to fail: takes the device mapper")
        self._map("error", "")
        # What the system remembers of a stick answers for a while; here it is to be gone at once.
        Path("/proc/sys/vm/drop_caches").write_text("3")

    def repair(self) -> None:
        """Let the device answer again, as when it is plugged in a second time."""
        self.take_out()
        if self._is_mapped:
            self._map("linear", f"{self._loop} 0")

    def close(self) -> None:
        """Take everything down."""
        self.take_out()
        if self._is_mapped:
            _succeeds("dmsetup", "remove", "--force", self._name)
        if self._device:
            _succeeds("losetup", "-d", self._loop)

    def _format(self) -> bool:
        program = {"vfat": ["mkfs.vfat", "-F", "32"], "exfat": ["mkfs.exfat"]}[self.kind]
        return _succeeds(*program, str(self._image))

    def _attach(self) -> bool:
        found = _run("losetup", "--find", "--show", str(self._image))
        self._loop = self._device = found
        if not found:
            return False
        table = f"0 {self._sectors()} linear {found} 0"
        if self.kind == "vfat" and _succeeds("dmsetup", "create", self._name, "--table", table):
            self._is_mapped = True
            _succeeds("dmsetup", "mknodes", self._name)  # Where no udev does it.
            self._device = f"/dev/mapper/{self._name}"
        return True

    def _map(self, target: str, more: str) -> None:
        table = f"0 {self._sectors()} {target} {more}".strip()
        for command in (
            ["suspend", "--noflush", "--nolockfs", self._name],
            ["load", self._name, "--table", table],
            ["resume", self._name],
        ):
            assert _succeeds("dmsetup", *command)

    def _sectors(self) -> int:
        return self._image.stat().st_size // 512


@contextmanager
def plugged_in(folder: Path, kind: str) -> Iterator[RealStick]:
    """Plug a freshly formatted stick in, or skip the test where there can be none."""
    made = RealStick(folder, kind, SIZE_MB)
    try:
        if not made.plug_in():
            pytest.skip(WHY_NOT.format(kind=kind))
        yield made
    finally:
        made.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def leave_room(stick: RealStick, room_bytes: int) -> Path:
    """Fill the stick up with somebody's film."""
    film = stick.folder / "film.mp4"
    with film.open("wb") as file:
        while shutil.disk_usage(stick.folder).free > room_bytes:
            file.write(bytes(64 * 1024))
            file.flush()
    return film


def _succeeds(*command: str) -> bool:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
            env=os.environ | {"PATH": PATH},
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


def _run(*command: str) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=os.environ | {"PATH": PATH}
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
