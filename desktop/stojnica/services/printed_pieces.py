"""What was printed for an event, by flyer and language, in words for its sheet."""

from collections.abc import Iterable

from babel import Locale

from stojnica.domain.organisation import OrganisationDocument, text_in
from stojnica.domain.print_run import Piece, PrintRun
from stojnica.i18n import current_language
from stojnica.services.flyer_paper import offered_designs
from stojnica.services.own_templates import own_templates


def added_up(runs: Iterable[PrintRun]) -> tuple[tuple[Piece, int], ...]:
    """Add up what was printed of each flyer in each language, most first; pieces without a flyer by template.

    Sizes add up. What was only saved as a file isn't there: nobody knows how often it was printed.
    """
    sums: dict[Piece, int] = {}
    for run in runs:
        template = "" if run.piece.flyer else run.piece.template
        piece = Piece(run.piece.flyer, template, "", run.piece.language)
        sums[piece] = sums.get(piece, 0) + run.pieces
    found = [(piece, pieces) for piece, pieces in sums.items() if pieces]
    return tuple(sorted(found, key=_most_first))


def _most_first(item: tuple[Piece, int]) -> tuple[int, str, str, str]:
    piece, pieces = item
    return -pieces, piece.flyer, piece.template, piece.language


def piece_name(document: OrganisationDocument, piece: Piece) -> str:
    """Name a piece by its title and its language, in the language of the moment."""
    return f"{_title(document, piece)} · {_languages(piece.language)}"


def _title(document: OrganisationDocument, piece: Piece) -> str:
    language = current_language()
    if not piece.flyer:
        designs = offered_designs(own_templates(document).designs)
        names = {design.id: text_in(design.name, language) for design in designs}
        return names.get(piece.template) or piece.template
    flyer = document.flyer(piece.flyer)
    if flyer is None:
        # The office may have taken it out since.
        return piece.flyer
    wanted = (language, *piece.language.split("-"), *flyer.texts)
    title = next((flyer.texts[code].title for code in wanted if code in flyer.texts), "")
    return " ".join(title.split()).removesuffix(".") or piece.flyer


def _languages(codes: str) -> str:
    names = Locale.parse(current_language()).languages
    return " / ".join(str(names.get(code, code)) for code in codes.split("-"))
