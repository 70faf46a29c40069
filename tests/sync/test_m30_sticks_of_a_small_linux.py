"""M30: the tests of FAT sticks, on the system's own driver, where the kernel of this machine has none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.sync.real_sticks import PATH

ROOT = Path(__file__).parents[2]
KERNEL = shutil.which("linux.uml")
MODULES = sorted(Path("/usr/lib/uml/modules").glob("*/kernel"))
NEEDED = ("fs/nls/nls_cp437", "fs/nls/nls_iso8859-1", "fs/nls/nls_utf8", "fs/fat/fat", "fs/fat/vfat")
NEEDED += ("drivers/block/loop", "drivers/md/dm-mod")
OPTIONS = ("mem=2500M", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw", "con=null")
PATIENCE_S = 500

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(
        KERNEL is None or not MODULES or not shutil.which("insmod", path=PATH),
        reason="no Linux to start as a program: apt install user-mode-linux kmod",
    ),
    pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes root"),
]

# What the small Linux begins with: it sees this machine's files, and keeps its own in memory.
BEGIN = """#!/bin/sh
export PATH={path} HOME=/root LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH={python_path} TMPDIR={folder}/tmp
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs {folder}/tmp
for module in {needed}; do insmod {modules}/$module.ko; done
cd {root}
{python} -m pytest -q -n 0 -p no:cacheprovider -k vfat {tests} > {folder}/said 2>&1
echo $? > {folder}/code
echo o > /proc/sysrq-trigger
sleep 60
"""


def test_m30_i02_sticks_with_fat_hold_what_was_written(tmp_path: Path) -> None:
    # Given
    (tmp_path / "tmp").mkdir()
    begin = tmp_path / "begin"
    begin.write_text(
        BEGIN.format(
            path=PATH,
            python_path=os.pathsep.join(sys.path),
            folder=tmp_path,
            needed=" ".join(NEEDED),
            modules=MODULES[-1],
            root=ROOT,
            python=sys.executable,
            tests="tests/sync/test_m30_real_sticks.py tests/sync/test_i02_copies_on_real_sticks.py",
        )
    )
    begin.chmod(0o755)

    # When
    assert KERNEL is not None
    subprocess.run(
        [KERNEL, *OPTIONS, f"init={begin}"],
        env=os.environ | {"HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )

    # Then
    said = (tmp_path / "said").read_text("utf-8")
    assert (tmp_path / "code").read_text().strip() == "0", said
    assert "skipped" not in said
    assert " passed" in said
