"""What the store says was counted at the event that is on."""

from typing import Any

from stojnica.records.reach_queries import reach_of
from stojnica.services.stand import StandContext, stand_now


def counted(context: StandContext, counter: str) -> int:
    """Give how many there are of a counter."""

    def read(connection: Any) -> int:
        now = stand_now(connection)
        assert now.event is not None
        return reach_of(connection, now.branch_id, [now.event.event_id]).of(counter)

    return context.store.read(read).result()
