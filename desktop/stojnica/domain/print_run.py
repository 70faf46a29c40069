"""A print run: a piece for an event, its short code and where that leads, and how many were printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from stojnica.domain.short_code import is_code
from stojnica.domain.web_target import is_target

MOST_PIECES = 100_000
ON_PRINTER, TO_FILE = "printer", "file"
CARD = "card"
"""The template of take-home cards, which are counted apart from flyers."""
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Name what is printed: the office's flyer on a kind of paper, in a size and a language.

    `leads` names which of the organisation's codes somebody chose for it; "" is what the office meant.
    """

    flyer: str
    template: str
    size: str
    language: str
    leads: str = ""


@dataclass(frozen=True, slots=True)
class PrintRun:
    """Hold a run; it is prepared first and printed then, `printed_at` is 0 until it is (µs UTC)."""

    run_id: UUID
    event_id: UUID | None
    code: str
    piece: Piece
    target: str
    prepared_at: int = 0
    printed_at: int = 0
    pieces: int = 0

    @property
    def is_printed(self) -> bool:
        """Tell whether somebody printed or saved it."""
        return self.printed_at > 0

    def data(self) -> dict[str, Any]:
        """Give what the fact of its preparation keeps."""
        return {
            "code": self.code,
            "flyer": self.piece.flyer,
            "template": self.piece.template,
            "size": self.piece.size,
            "language": self.piece.language,
            "target": self.target,
            **({"leads": self.piece.leads} if self.piece.leads else {}),
        }


@dataclass(frozen=True, slots=True)
class Printed:
    """Hold one printing of a run: how many pieces, where to, and whether its code holds the short link.

    Of a file nobody knows how often it will be printed: its pieces are 0.
    """

    pieces: int
    where: str = ON_PRINTER
    is_short: bool = False

    def data(self) -> dict[str, Any]:
        """Give what its fact keeps."""
        return {"pieces": self.pieces, "where": self.where, "short": self.is_short}


def run_from(run_id: UUID, event_id: UUID | None, data: Mapping[str, Any], at_us: int) -> PrintRun | None:
    """Read a prepared run from a fact's data; None when no laptop of ours can have said it."""
    names = [data.get(name) for name in ("flyer", "template", "size", "language")]
    # A sign on the table needs no flyer of the office.
    is_named = [isinstance(name, str) and bool(_NAME.fullmatch(name)) for name in names]
    if not (all(is_named[1:]) and (is_named[0] or names[0] == "")):
        return None
    code, target = data.get("code"), data.get("target")
    if not (is_code(code) and is_target(target)):
        return None
    # Older programs name nothing here; what can't be a name is as if it weren't there.
    leads = data.get("leads", "")
    chosen = leads if isinstance(leads, str) and _NAME.fullmatch(leads) else ""
    flyer, template, size, language = map(str, names)
    piece = Piece(flyer, template, size, language, chosen)
    return PrintRun(run_id, event_id, str(code), piece, str(target), at_us)


def printed_from(data: Mapping[str, Any]) -> Printed | None:
    """Read one printing from a fact's data; None when no laptop of ours can have said it."""
    pieces, where = data.get("pieces"), data.get("where")
    if isinstance(pieces, bool) or not isinstance(pieces, int) or where not in (ON_PRINTER, TO_FILE):
        return None
    least = 0 if where == TO_FILE else 1
    return Printed(pieces, where, data.get("short") is True) if least <= pieces <= MOST_PIECES else None
