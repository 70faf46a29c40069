"""On which paper a flyer comes: the kinds of template, their sizes, and how many lie on a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass

from stojnica.domain.organisation import text_in
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.template import Design, Sheet, Template
from stojnica.printing.template_file import load_design, shipped_designs
from stojnica.printing.template_node import BadTemplateError

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

    `own` are the office's templates, beside the shipped ones. Templates with a photo are for flyers with one.
    `languages` are those of the flyer, and `second` the one beside the first where both are printed.
    `leads` names what somebody chose that the code leads to; "" is what the office chose.
    `back` is the language on the back, none without it; `edge` is where the printer turns the paper.
    """

    language: str
    flyer_id: str = ""
    template_id: str = ""
    size: str = ""
    up: int = 0
    back: str = ""
    edge: str = ""
    own: tuple[Design, ...] = ()
    has_flyer: bool = True
    has_photo: bool = False
    languages: tuple[str, ...] = ()
    second: str = ""
    is_black: bool = False
    leads: str = ""

    def design(self) -> Design:
        """Give the kind of template that is meant.

        Raises:
            BadTemplateError: there is none of that name.
        """
        ours = (design for design in self.own if design.id == self.template_id)
        return next(ours, None) or load_design(self.template_id)

    def template(self) -> Template:
        """Give the template that is meant.

        Raises:
            BadTemplateError: there is none of that name and size.
        """
        try:
            return self.design().size(self.size)
        except KeyError as error:
            where = f"sizes.{self.size[:20]}"
            raise BadTemplateError(self.template_id, where, _("there is no such template.")) from error

    @property
    def seconds(self) -> tuple[str, ...]:
        """Give the languages that can stand beside the first."""
        return tuple(language for language in self.languages if language != self.language)

    def can_be(self, design: Design) -> bool:
        """Tell whether the flyer has what a template shows."""
        return (
            (self.has_flyer or not design.needs_flyer)
            and (self.has_photo or not design.needs_photo)
            and bool(self.seconds or not design.is_bilingual)
        )

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
    needs_flyer: bool = True
    seconds: tuple[str, ...] = ()


def offered_designs(own: tuple[Design, ...] = ()) -> tuple[Design, ...]:
    """Give what the page Flyers offers, in the order in which stands need it; the office's own are last."""
    found = (*(load_design(design_id) for design_id in shipped_designs()), *own)
    wanted = [design for design in found if design.use in _OFFERED]
    return tuple(sorted(wanted, key=lambda design: (design in own, _OFFERED.index(design.use), design.id)))


def paper_choices(wish: FlyerWish) -> PaperChoices:
    """Give what can be chosen beside this wish."""
    language = current_language()
    template = wish.template()
    return PaperChoices(
        templates=tuple(
            (design.id, text_in(design.name, language))
            for design in offered_designs(wish.own)
            if wish.can_be(design)
        ),
        sizes=tuple(wish.design().sizes),
        sheets=tuple(_sheets(template)),
        needs_flyer=wish.design().needs_flyer,
        seconds=wish.seconds if wish.design().is_bilingual else (),
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
