"""How this laptop's kiosk is set: for whom the form is, how long it waits, what else it asks."""

from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from stojnica.domain.form import AUDIENCES, PERSON
from stojnica.storage.memory import recall, remember
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_KEPT = "kiosk_options"
LEAST_S, MOST_S = 20, 600


@dataclass(frozen=True, slots=True)
class KioskOptions:
    """Hold the settings of a kiosk; after `warn_s` without a touch it asks, after `wipe_s` it wipes.

    `asks_counts`: an anonymous last page asks for gender and country, which only add to numbers.
    """

    audience: str = PERSON
    warn_s: int = 60
    wipe_s: int = 90
    asks_counts: bool = False

    def tidied(self) -> "KioskOptions":
        """Give the same within bounds: there is always time to answer the question."""
        warn_s = min(max(self.warn_s, LEAST_S), MOST_S)
        wipe_s = min(max(self.wipe_s, warn_s + LEAST_S), MOST_S + LEAST_S)
        audience = self.audience if self.audience in AUDIENCES else PERSON
        return KioskOptions(audience, warn_s, wipe_s, self.asks_counts)


def kiosk_options(connection: "Connection") -> KioskOptions:
    """Give what is set; what is missing or makes no sense takes its default."""
    kept = recall(connection, _KEPT, {})
    before = asdict(KioskOptions())
    given = {name: kept[name] for name in before if type(kept.get(name)) is type(before[name])}
    return KioskOptions(**(before | given)).tidied()


def keep_kiosk_options(store: Store, options: KioskOptions) -> "Future[KioskOptions]":
    """Remember them; gives them as they are kept."""
    tidy = options.tidied()

    def keep(unit: UnitOfWork) -> KioskOptions:
        remember(unit.connection, _KEPT, asdict(tidy))
        unit.commit()
        return tidy

    return store.write(keep)
