"""The letters before the numbers of slips: each laptop's own, so that two never print the same number."""

from typing import TYPE_CHECKING

from stojnica.domain.slip_number import LETTERS
from stojnica.records.slip_queries import printed_letters
from stojnica.storage.memory import recall
from stojnica.storage.unit import branch_of
from stojnica.sync.credentials import credentials_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LETTER = "slips_letter"


def laptop_letter(connection: "Connection") -> str:
    """Give this laptop's letter: the one in its name ("B", "Stand B"), else the one used last, else A."""
    credentials = credentials_of(connection)
    words = credentials.name.upper().split() if credentials else []
    named = [word for word in words if len(word) == 1 and word in LETTERS]
    return named[-1] if named else str(recall(connection, LETTER, LETTERS[0]))


def own_letters(connection: "Connection") -> frozenset[str]:
    """Give the letters with which this laptop prints, or has printed."""
    return frozenset({laptop_letter(connection), *printed_letters(connection, branch_of(connection))})
