"""Dialogs that were left by a lock: what was typed in them is there again when they are opened anew."""

from collections.abc import Callable, Mapping

from stojnica.services.changes import Change
from stojnica.services.stand import StandContext
from stojnica.storage.half_typed import (
    Texts,
    drop_dialog,
    drop_half_typed,
    half_typed,
    has_half_typed,
    keep_half_typed,
)
from stojnica.storage.unit import UnitOfWork
from stojnica.storage.worker import Priority


class HalfTypedDialogs:
    """Keep it in the encrypted store, for that has to be closed; UI thread alone.

    A dialog that stayed open behind a lock would need the key to stay in memory, and sleep takes it away
    without asking. `load` begins to look; before it has, and for other dialogs, there is nothing.
    """

    def __init__(self, context: StandContext) -> None:
        self._context = context
        self._kept: dict[str, dict[str, str]] = {}
        context.changes.subscribe(self._heard)

    def load(self) -> None:
        """Look what was left by the last lock, in the background; what is of another day goes."""
        now_us = self._context.clock.now_us()
        reading = self._context.store.read(lambda one: (half_typed(one, now_us), has_half_typed(one)))
        self._context.runner.when(reading, self._loaded, self._ignore)

    def keep(self, dialogs: Mapping[str, Texts]) -> None:
        """Keep the texts of open dialogs by their names."""
        if any(dialogs.values()):
            self._write(lambda unit: keep_half_typed(unit, dialogs))

    def take(self, dialog: str) -> dict[str, str]:
        """Give what was typed in a dialog; it is kept no longer, for it stands there now."""
        texts = self._kept.pop(dialog, {})
        if texts:
            # Not what is left here: somebody of it may have been erased since.
            self._write(lambda unit: drop_dialog(unit.connection, dialog))
        return texts

    def _write(self, change: Callable[[UnitOfWork], None]) -> None:
        def job(unit: UnitOfWork) -> None:
            change(unit)
            unit.commit()

        future = self._context.store.write(job, Priority.BACKGROUND)
        self._context.runner.when(future, self._ignore, self._ignore)

    def _loaded(self, found: tuple[dict[str, dict[str, str]], bool]) -> None:
        self._kept, is_something_there = found
        if is_something_there and not self._kept:
            self._write(lambda unit: drop_half_typed(unit.connection))

    def _heard(self, changed: frozenset[Change]) -> None:
        if Change.ERASED in changed:
            # The store has let go of it as well: it may be about whoever is erased.
            self._kept = {}
        elif Change.DELIVERY in changed and self._kept:
            # A delivery may have brought an order of the office to erase somebody.
            now_us = self._context.clock.now_us()
            reading = self._context.store.read(lambda one: half_typed(one, now_us))
            self._context.runner.when(reading, self._still_kept, self._ignore)

    def _still_kept(self, found: dict[str, dict[str, str]]) -> None:
        # What was taken meanwhile may be there a moment longer.
        self._kept = {name: texts for name, texts in self._kept.items() if name in found}

    @staticmethod
    def _ignore(_answer: object) -> None:
        """A store that refuses this refuses the rest, too, and that is told where somebody waits."""
