"""PDFium, which knows no threads, never ends the program: neither under several of them nor at the end."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def run_child(*arguments: str) -> subprocess.CompletedProcess[str]:
    # In a process of its own: what is tested for would take the other tests with it.
    command = [sys.executable, "-X", "faulthandler", str(HERE / "child_threads.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_several_threads_render_scan_and_draw_at_once() -> None:
    done = run_child("at-once", "2.5")

    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 0


@pytest.mark.parametrize("seconds", ["0.05", "0.11", "0.17", "0.23"])
def test_the_program_ends_in_peace_while_a_thread_still_renders(seconds: str) -> None:
    done = run_child("at-the-end", seconds)

    assert (done.returncode, done.stderr) == (0, "")


def test_there_is_one_way_to_pdfium() -> None:
    opening = re.compile(r"pypdfium2\.PdfDocument\b|from\s+pypdfium2")

    files = [*(ROOT / "desktop").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    using = [file.name for file in files if opening.search(file.read_text("utf-8"))]

    assert using == ["render.py"]
