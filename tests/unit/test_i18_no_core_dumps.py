"""I18: a crash writes no key and no visitor into a core file."""

import os
import subprocess
import sys

import pytest

_CHILD = """
import resource, sys
from stojnica.cli.main import main
main(["status", "--home", sys.argv[1]])
print(resource.getrlimit(resource.RLIMIT_CORE)[0])
print(open("/proc/self/coredump_filter").read().strip())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="core files of Linux")
def test_i18_the_program_leaves_no_memory_in_a_core_file(tmp_path: os.PathLike[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )

    limit, kept = done.stdout.split()[-2:]
    assert limit == "0"
    assert int(kept, 16) == 0
