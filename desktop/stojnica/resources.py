"""Where the shipped files are: the same call in a checkout, an installed wheel and a frozen build."""

import sys
from pathlib import Path


def resources_dir() -> Path:
    """Give the folder of shipped resources.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [
        *([Path(frozen) / "resources"] if frozen else []),
        package / "_resources",  # an installed wheel
        package.parents[1] / "resources",  # a checkout: desktop/stojnica beside resources/
    ]
    for candidate in candidates:
        if (candidate / "locales").is_dir():
            return candidate
    raise FileNotFoundError("resources")


def resource(*parts: str) -> Path:
    """Give the path of one shipped file or folder, e.g. ``resource("fonts", "NotoSans-Regular.ttf")``."""
    return resources_dir().joinpath(*parts)
