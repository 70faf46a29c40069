"""What was half typed in a dialog when the store had to be closed: kept for the same day, for that dialog."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from stojnica.storage.memory import forget, recall, remember
from stojnica.storage.unit import UnitOfWork

HALF_TYPED = "half_typed_dialogs"
LONGEST_US = 12 * 3_600 * 1_000_000
"""It was never said for good: what wasn't finished on the same day is let go."""

Texts = Mapping[str, str]


def keep_half_typed(unit: UnitOfWork, dialogs: Mapping[str, Texts]) -> None:
    """Keep the texts of dialogs by the dialog's name, in place of what was kept before."""
    entries = {name: dict(texts) for name, texts in dialogs.items() if texts}
    if entries:
        remember(unit.connection, HALF_TYPED, {"at_us": unit.clock.now_us(), "dialogs": entries})
    else:
        drop_half_typed(unit.connection)


def drop_dialog(connection: Connection, dialog: str) -> None:
    """Let go of one dialog's texts; of others stays what is still there. In the caller's transaction."""
    kept: dict[str, Any] = recall(connection, HALF_TYPED, {})
    left = {name: texts for name, texts in kept.get("dialogs", {}).items() if name != dialog}
    if left:
        remember(connection, HALF_TYPED, kept | {"dialogs": left})
    else:
        drop_half_typed(connection)


def half_typed(connection: Connection, now_us: int) -> dict[str, dict[str, str]]:
    """Give what was half typed on the same day."""
    kept: dict[str, Any] = recall(connection, HALF_TYPED, {})
    if not kept or abs(now_us - kept["at_us"]) >= LONGEST_US:
        return {}
    return {name: dict(texts) for name, texts in kept["dialogs"].items()}


def has_half_typed(connection: Connection) -> bool:
    """Tell whether anything is kept, of whatever day."""
    return recall(connection, HALF_TYPED) is not None


def drop_half_typed(connection: Connection) -> None:
    """Let go of it, in a transaction of the caller's; whose it may be isn't asked."""
    forget(connection, HALF_TYPED)
