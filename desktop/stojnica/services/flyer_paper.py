"""On which paper a flyer comes: the kinds of template, their sizes, and how many lie on a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass

from stojnica.domain.organisation import text_in
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.template import Design, Sheet, Template
from stojnica.printing.template_file import load_design, load_template, shipped_designs

# Cards to take home have a dialog of their own.
_OFFERED = ("flyer", "poster", "strips", "sign", "camp", "thanks")
_PAPERS = {
    "A7": (74.0, 105.0),
    "A6": (105.0, 148.0),
    "A5": (148.0, 210.0),
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "DL": (99.0, 210.0),
}


@dataclass(frozen=True, slots=True)
class FlyerWish:
    """Say which flyer is wanted; what is empty is left to the office's document and the template.

    `back` is the language on the back, none without it; `edge` is where the printer turns the paper.
    """

    language: str
    flyer_id: str = ""
    template_id: str = ""
    size: str = ""
    up: int = 0
    back: str = ""
    edge: str = ""

    def template(self) -> Template:
        """Give the template that is meant.

        Raises:
            BadTemplateError: there is none of that name and size.
        """
        return load_template(self.template_id, self.size)

    def pieces(self) -> int:
        """Give how many lie on a sheet: what is wanted where the size has it, else its first."""
        sheets = self.template().sheets
        return self.up if self.up in sheets else next(iter(sheets))

    def sheet(self) -> Sheet:
        """Give how the pieces lie on the paper that is meant."""
        return self.template().sheets[self.pieces()]


@dataclass(frozen=True, slots=True)
class PaperChoices:
    """Hold what can be chosen, each with its words, for the template at hand."""

    templates: tuple[tuple[str, str], ...] = ()
    sizes: tuple[str, ...] = ()
    sheets: tuple[tuple[int, str], ...] = ()


def offered_designs() -> tuple[Design, ...]:
    """Give what the page Flyers offers, in the order in which stands need it."""
    found = (load_design(design_id) for design_id in shipped_designs())
    wanted = [design for design in found if design.use in _OFFERED]
    return tuple(sorted(wanted, key=lambda design: (_OFFERED.index(design.use), design.id)))


def paper_choices(wish: FlyerWish) -> PaperChoices:
    """Give what can be chosen beside this wish."""
    language = current_language()
    template = wish.template()
    return PaperChoices(
        templates=tuple((design.id, text_in(design.name, language)) for design in offered_designs()),
        sizes=tuple(load_design(wish.template_id).sizes),
        sheets=tuple(_sheets(template)),
    )


def paper_name(size_mm: tuple[float, float]) -> str:
    """Name a paper: A4, or its millimetres."""
    for name, known in _PAPERS.items():
        if sorted(size_mm) == sorted(known):
            return name
    return f"{size_mm[0]:g} × {size_mm[1]:g} mm"


def _sheets(template: Template) -> Iterator[tuple[int, str]]:
    for count, sheet in template.sheets.items():
        paper = paper_name(sheet.paper_mm)
        if count == 1:
            yield count, _("1 on {paper}").format(paper=paper)
        else:
            yield count, _("{count} on {paper}, to cut").format(count=count, paper=paper)
