"""Whether something is there, on sticks and network drives that answer a question with an error."""

from pathlib import Path


def is_folder(path: Path) -> bool:
    """Tell whether a folder is there and answers. `Path` itself raises for a stick that was pulled."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Tell whether a file is there and answers."""
    try:
        return path.is_file()
    except OSError:
        return False
