"""Take a photo in as the office does, and tell in kB how much more memory that took at its worst.

Arguments: a small photo, which is taken in first, and the one that is measured.
"""

import json
import sys
from pathlib import Path

from stojnica.printing.photo import BadPhotoError, photo_for, stored_photo


def most_kb() -> int:
    """Give the most memory that this process ever had."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main(small: Path, measured: Path) -> None:
    """Measure it."""
    taken_in(small)
    before = most_kb()
    told = taken_in(measured)
    sys.stdout.write(json.dumps({"kb": most_kb() - before, "told": told}))


def taken_in(file: Path) -> str:
    """Store a photo and crop it for a place; gives why it is refused, or nothing."""
    data = file.read_bytes()
    try:
        stored_photo(data)
        photo_for(data, 148, 72)
    except BadPhotoError as error:
        return error.reason
    return ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
