"""Finding a contact of this laptop by name, address or the last digits of a number."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from stojnica.domain.name_search import search_terms
from stojnica.records.contact_queries import ContactLine
from stojnica.records.contact_search import find_contacts
from stojnica.records.gone_contacts import gone_number
from stojnica.services.contact_rows import ContactRow, contact_rows, without_names
from stojnica.services.leaving import have_left
from stojnica.services.stand import StandContext, branch_and_zone
from stojnica.services.view_model import LatestOnly, ViewModel

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FOUND = 8
TEXT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class ContactSearchState:
    """Hold what is looked for, and who was found; without a text there is no search.

    `note` says that contacts have left this laptop, when nobody was found.
    """

    text: str = ""
    rows: tuple[ContactRow, ...] = ()
    is_answered: bool = False
    note: str = ""

    @property
    def is_searching(self) -> bool:
        """Tell whether the list of found contacts takes the place of the last ones."""
        return bool(self.text.strip())

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody was found for a text that is long enough."""
        return self.is_answered and not self.rows and bool(search_terms(self.text))


class ContactSearchViewModel(ViewModel[ContactSearchState]):
    """Search while somebody types; the answer to the newest letters is the one that is shown."""

    def __init__(
        self, context: StandContext, are_names_shown: Callable[[], bool], failed: Callable[[Exception], None]
    ) -> None:
        super().__init__(ContactSearchState())
        self._context = context
        self._are_names_shown = are_names_shown
        self._failed = failed
        self._questions = LatestOnly()
        self._lines: tuple[ContactLine, ...] = ()
        self._zone_name = ""
        self._gone = 0

    def type(self, text: str) -> None:
        """Look for what stands in the field now."""
        is_begun = self.state.text.strip() and text.strip()
        self._set(replace(self.state if is_begun else ContactSearchState(), text=text[:TEXT_LIMIT]))
        self.refresh()

    def clear(self) -> None:
        """End the search."""
        self.type("")

    def refresh(self) -> None:
        """Look again, because something was saved, or names may be shown."""
        question = self._questions.ask()
        terms = search_terms(self.state.text)
        if not terms:
            self._set(replace(self.state, rows=(), is_answered=False, note=""))
            return
        look = partial(look_for_contacts, terms=terms, with_names=self._are_names_shown())
        future = self._context.store.look_up(look)
        self._context.runner.when(future, question.only(self._show), question.only(self._failed))

    def hide_names(self) -> None:
        """Show initials alone, at once; an answer with names that is still out is not shown."""
        self._questions.forget()
        self._lines = without_names(self._lines)
        self._draw()

    def _show(self, found: tuple[str, list[ContactLine], int]) -> None:
        self._zone_name, lines, self._gone = found
        self._lines = tuple(lines) if self._are_names_shown() else without_names(lines)
        self._draw()

    def _draw(self) -> None:
        if self.state.is_searching and self._zone_name:
            rows = contact_rows(self._lines, self._zone_name, self._context.clock.now_us())
            note = have_left(self._gone) if self._gone and not rows else ""
            self._set(replace(self.state, rows=rows, is_answered=True, note=note))


def look_for_contacts(
    connection: "Connection", *, terms: tuple[str, ...], with_names: bool
) -> tuple[str, list[ContactLine], int]:
    """Give the time zone of the event, who was found, and when nobody was, how many have left this laptop.

    Runs in the answering thread, for each letter.
    """
    branch_id, zone_name = branch_and_zone(connection)
    found = find_contacts(connection, branch_id, terms, FOUND, with_names=with_names)
    return zone_name, found, 0 if found else gone_number(connection, branch_id)
