"""What this installation remembers outside the encrypted store: no secret and no person."""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
HOME_VARIABLE = "STOJNICA_HOME"
MAX_BYTES = 64 * 1024
_KEYS_NOTE = "keys-folder.txt"


class Settings(NamedTuple):
    """Hold the settings that are needed before the store is unlocked.

    `text_percent` is 100 to 200; `theme` is light, dark or high_contrast; `lock_min` is 5 to 60: so many
    minutes without a touch lock the screen. `last_slot` is the id of the passphrase slot that opened last.
    """

    language: str = "sl"
    theme: str = "light"
    text_percent: int = 100
    is_practice: bool = False
    lock_min: int = 15
    last_slot: str = ""


def default_home() -> Path:
    """Give the folder of this user's store: `STOJNICA_HOME`, or where the system keeps such data."""
    given = os.environ.get(HOME_VARIABLE)
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("Stojnica", appauthor=False)


def has_settings(home: Path) -> bool:
    """Tell whether anything was ever chosen for a home."""
    return (home / "settings.json").exists()


def load_settings(home: Path) -> Settings:
    """Read the settings; what is damaged, unknown or missing takes its default."""
    try:
        with (home / "settings.json").open("rb") as file:
            raw = json.loads(file.read(MAX_BYTES))
    except (OSError, ValueError):
        return Settings()
    if not isinstance(raw, dict):
        return Settings()
    given: dict[str, Any] = {}
    for name, default in Settings()._asdict().items():
        value = raw.get(name)
        if type(value) is type(default):
            given[name] = value
    settings = Settings(**given)
    return settings._replace(
        text_percent=min(max(settings.text_percent, 100), 200), lock_min=min(max(settings.lock_min, 5), 60)
    )


def save_settings(home: Path, settings: Settings) -> None:
    """Write the settings so that a crash leaves the old or the new ones."""
    home.mkdir(parents=True, exist_ok=True)
    part = home / "settings.json.part"
    part.write_text(json.dumps({"format": FORMAT} | settings._asdict(), sort_keys=True), encoding="utf-8")
    part.replace(home / "settings.json")


def load_keys_folder(home: Path) -> Path | None:
    """Give the folder of the organisation's keys that was made last from this home, if it is known."""
    try:
        with (home / _KEYS_NOTE).open("rb") as file:
            text = file.read(MAX_BYTES).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Path(text) if text else None


def save_keys_folder(home: Path, folder: Path) -> None:
    """Remember where the organisation's keys are; where, not what."""
    home.mkdir(parents=True, exist_ok=True)
    (home / _KEYS_NOTE).write_text(f"{folder}\n", encoding="utf-8")
