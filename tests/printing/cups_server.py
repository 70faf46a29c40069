"""A print system of one's own on loopback: cupsd started by hand, with a queue that ends in a folder."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CUPSD = shutil.which("cupsd", path=os.environ.get("PATH", "") + ":/usr/sbin")
_PROGRAMS = Path("/usr/lib/cups")
_PARTS = ("filter", "daemon", "cgi-bin", "notifier", "monitor", "driver")
PATIENCE_S = 30.0
WHY_NOT = "no print system here: apt install cups cups-client cups-filters"

# The printer: takes the job's PDF, unless somebody has emptied its drawer.
_BACKEND = """#!/bin/sh
[ $# -eq 0 ] && { echo 'file desk "Desk" "Desk"'; exit 0; }
out="${DEVICE_URI#desk:}"
if [ -e "$out/empty" ]; then
  echo "STATE: +media-empty-error" >&2
  echo "INFO: Out of paper" >&2
  while [ -e "$out/empty" ]; do sleep 0.1; done
  echo "STATE: -media-empty-error" >&2
fi
cat ${6:+"$6"} > "$out/$1.part"
printf '%s\\n%s\\n%s\\n' "$3" "$4" "$5" > "$out/$1.txt"
mv "$out/$1.part" "$out/$1.pdf"
"""

_PPD = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "DESK.PPD"
*Manufacturer: "Desk"
*Product: "(Desk)"
*ModelName: "Desk"
*ShortNickName: "Desk"
*NickName: "Desk"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: True
*DefaultColorSpace: RGB
*FileSystem: False
*Throughput: "1"
*LandscapeOrientation: Plus90
*TTRasterizer: Type42
*cupsVersion: 2.4
*cupsManualCopies: True
*cupsFilter2: "application/vnd.cups-pdf application/pdf 0 -"
*OpenUI *PageSize/Paper: PickOne
*DefaultPageSize: A4
*PageSize A4/A4: ""
*PageSize A5/A5: ""
*PageSize A6/A6: ""
*CloseUI: *PageSize
*OpenUI *PageRegion/Paper: PickOne
*DefaultPageRegion: A4
*PageRegion A4/A4: ""
*PageRegion A5/A5: ""
*PageRegion A6/A6: ""
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4: "14.17 14.17 580.83 827.83"
*ImageableArea A5: "14.17 14.17 405.83 580.83"
*ImageableArea A6: "14.17 14.17 283.83 405.83"
*DefaultPaperDimension: A4
*PaperDimension A4: "595 842"
*PaperDimension A5: "420 595"
*PaperDimension A6: "298 420"
*OpenUI *Duplex/Sides: PickOne
*DefaultDuplex: None
*Duplex None/One: ""
*Duplex DuplexNoTumble/Long edge: ""
*Duplex DuplexTumble/Short edge: ""
*CloseUI: *Duplex
"""


class PrintSystem:
    """Run cupsd with one queue, *Pisarna*; what comes out lies in `out`, by number of the job."""

    queue = "Pisarna"

    def __init__(self) -> None:
        # Its own user has to get there, and may not enter pytest's folders.
        self._folder = Path(tempfile.mkdtemp(prefix="stojnica-cups-"))
        self._folder.chmod(0o755)
        self.out = self._folder / "out"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self.environ = {**os.environ, "CUPS_SERVER": self.address, "LC_ALL": "C.UTF-8"}
        self._write()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and add the queue.

        Raises:
            pytest.skip.Exception: there is no print system on this machine.
        """
        if CUPSD is None or not shutil.which("lpadmin") or not (_PROGRAMS / "filter/pdftopdf").exists():
            pytest.skip(WHY_NOT)
        conf = self._folder / "etc"
        log = (self._folder / "log" / "said").open("wb")
        with log:
            self._process = subprocess.Popen(
                [CUPSD, "-f", "-c", str(conf / "cupsd.conf"), "-s", str(conf / "cups-files.conf")],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        self.wait_for(lambda: self.ask("lpstat", "-r", check=False).startswith("scheduler is running"))
        ppd = str(conf / "desk.ppd")
        self.ask("lpadmin", "-p", self.queue, "-E", "-v", f"desk:{self.out}", "-P", ppd)

    def stop(self) -> None:
        """End it and leave nothing."""
        (self.out / "empty").unlink(missing_ok=True)
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
        shutil.rmtree(self._folder, ignore_errors=True)

    def ask(self, *command: str, check: bool = True) -> str:
        """Give what a command of the print system says."""
        done = subprocess.run(command, env=self.environ, capture_output=True, check=False, timeout=PATIENCE_S)
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout.decode()

    def jobs(self) -> list[str]:
        """Name the jobs that wait or are being printed."""
        return [line.split()[0] for line in self.ask("lpstat", "-o").splitlines()]

    def printed(self, count: int = 1) -> list[tuple[bytes, list[str]]]:
        """Wait until so many jobs came out; give each with title, number of copies and options."""
        self.wait_for(lambda: len(list(self.out.glob("*.pdf"))) >= count)
        files = sorted(self.out.glob("*.pdf"), key=lambda path: int(path.stem))
        return [(path.read_bytes(), path.with_suffix(".txt").read_text().splitlines()) for path in files]

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < until, (self._folder / "log" / "error").read_text()[-3000:]
            time.sleep(0.05)

    def _write(self) -> None:
        home = self._folder
        for name in ("etc/ppd", "etc/ssl", "spool/tmp", "cache", "run/certs", "log", "out", "bin/backend"):
            (home / name).mkdir(parents=True)
        for name in _PARTS:
            if (_PROGRAMS / name).is_dir():
                (home / "bin" / name).symlink_to(_PROGRAMS / name)
        backend = home / "bin" / "backend" / "desk"
        backend.write_text(_BACKEND)
        # So it runs with the rights of whoever started the print system.
        backend.chmod(0o700)
        (home / "etc" / "desk.ppd").write_text(_PPD)
        (home / "etc" / "cups-files.conf").write_text(
            f"ServerRoot {home}/etc\nServerBin {home}/bin\nRequestRoot {home}/spool\n"
            f"TempDir {home}/spool/tmp\nCacheDir {home}/cache\nStateDir {home}/run\n"
            f"AccessLog {home}/log/access\nErrorLog {home}/log/error\nPageLog {home}/log/page\n"
            f"ServerKeychain {home}/etc/ssl\nFatalErrors none\nSandboxing relaxed\n"
        )
        (home / "etc" / "cupsd.conf").write_text(
            f"Listen {self.address}\nLogLevel debug\nBrowsing No\nWebInterface No\nDefaultAuthType None\n"
            "ErrorPolicy stop-printer\nMaxLogSize 0\n"
            "<Location />\nOrder allow,deny\nAllow localhost\n</Location>\n"
            "<Location /admin>\nOrder allow,deny\nAllow localhost\n</Location>\n"
            "<Policy default>\nJobPrivateAccess all\nJobPrivateValues none\n"
            "<Limit All>\nOrder allow,deny\nAllow localhost\n</Limit>\n</Policy>\n"
        )
