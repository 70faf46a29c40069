"""A flyer of an event: put together from the office's document, checked by scanning, saved."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from sqlalchemy.engine import Connection

from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.organisation import OrganisationDocument
from stojnica.domain.print_run import Piece
from stojnica.i18n import gettext as _
from stojnica.i18n import in_usual_order
from stojnica.printing.check import Behind, CheckedFlyer, DrawnFlyer, drawn_flyer
from stojnica.printing.flyer import DEFAULT_TEMPLATE, FlyerContent
from stojnica.printing.sheets import natural_edge
from stojnica.printing.template import Design
from stojnica.records.event_queries import known_event
from stojnica.records.funding_overrules import KnownOverrule, overrules_of
from stojnica.services.flyer_content import (
    flyer_choices,
    flyer_content,
)
from stojnica.services.flyer_files import file_for_others
from stojnica.services.flyer_paper import (
    FlyerWish,
    offered_designs,
    paper_name,
)
from stojnica.services.funding_overrule import FundingCase, funding_case, held_for
from stojnica.services.offered_codes import (
    chosen_code,
    code_choices,
    code_of,
    led_to,
    payload_of,
    words_of_code,
)
from stojnica.services.own_templates import OwnTemplates, own_templates
from stojnica.services.own_words import own_words, target_problems
from stojnica.services.print_runs import (
    KnownRuns,
    RunWish,
    content_of_run,
    known_runs,
    link_in_code,
)
from stojnica.services.shown_organisation import shown_organisation
from stojnica.services.stand import current_event_id
from stojnica.storage.durable import write_durably
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of


@dataclass(frozen=True, slots=True)
class MadeFlyer:
    """Hold a checked flyer, and the link in its code; without one, in words what the code holds.

    `case` names the rules of the EU that stop it, `overruled` holds those that a person let by.
    """

    checked: CheckedFlyer
    link: str
    name: str
    paper_mm: tuple[float, float]
    run: RunWish
    wish: FlyerWish
    contents: tuple[FlyerContent, ...]
    is_link: bool = True
    case: FundingCase | None = None
    overruled: tuple[KnownOverrule, ...] = ()

    @property
    def is_short(self) -> bool:
        """Tell whether the code holds the short link."""
        return self.is_link and self.link != self.run.target

    def turned_at(self, scene: "FlyerScene", edge: str) -> CheckedFlyer:
        """Give it with each back behind its front when the printer turns the paper at this edge."""
        if not self.wish.back or edge in ("", self.wish.edge or natural_edge(self.wish.sheet())):
            return self.checked
        return make_flyer_of(scene, replace(self.wish, edge=edge), self.run.code).checked

    def save(self, path: Path, kind: str = "") -> None:
        """Write the PDF, or a file for others.

        Raises:
            UserFacingError: it isn't printable, or can't be written there.
        """
        data = self.checked.printable_pdf()
        if kind:
            data = file_for_others(kind, self.contents, self.wish.template())
        try:
            write_durably(path, data)
        except OSError as error:
            raise UserFacingError(
                _("The flyer can't be written to {file}.").format(file=path.name),
                safe=_("Nothing else was changed."),
                next_step=_("Choose another folder, with room in it."),
                code="unwritable_file",
            ) from error


@dataclass(frozen=True, slots=True)
class FlyerScene:
    """Hold what flyers are made from."""

    document: OrganisationDocument
    event: Event | None
    templates: OwnTemplates = field(default_factory=OwnTemplates)
    overrules: tuple[KnownOverrule, ...] = ()
    known: KnownRuns = field(default_factory=KnownRuns)

    def link_of(self, run: RunWish) -> str:
        """Give the link that a run's code holds by what is known now."""
        return link_in_code(self.document.short_links, self.known, run.code, run.target)


def read_scene(connection: Connection, event_id: UUID | None = None) -> FlyerScene:
    """Read the document in force and an event; the chosen one when none is named."""
    wanted = event_id or current_event_id(connection)
    branch_id = branch_of(connection)
    known = None if wanted is None else known_event(connection, branch_id, wanted)
    overrules = () if wanted is None else overrules_of(connection, branch_id, wanted)
    document = shown_organisation(connection).document
    event = known.event if known else None
    return FlyerScene(document, event, own_templates(document), overrules, known_runs(connection, wanted))


@dataclass(frozen=True, slots=True)
class DrawnPiece:
    """Hold a flyer that is drawn, and may be looked at while it is checked."""

    drawn: DrawnFlyer
    scene: FlyerScene
    wish: FlyerWish
    run: RunWish
    contents: tuple[FlyerContent, ...]

    def checked(self) -> MadeFlyer:
        """Check it, and put to it what is known of it; takes part of a second, off the UI thread."""
        wish, document, piece = self.wish, self.scene.document, self.run.piece
        checked = self.drawn.checked()
        held = held_for(self.scene.overrules, checked.piece)
        checked = checked.overruled([item.overrule.rule for item in held])
        case = funding_case(self.run.event_id, piece, checked.piece, checked.broken_rules)
        hints = target_problems(document, wish.design()) if wish.design().words else ()
        checked = replace(checked, problems=(*checked.problems, *hints))
        words = words_of_code(code_of(document, piece.flyer, wish.leads))
        return MadeFlyer(
            checked=checked,
            link=words or self.contents[0].url,
            name=f"{_file_name(_event_of(self.scene), wish)}.pdf",
            paper_mm=wish.sheet().paper_mm,
            run=self.run,
            wish=wish,
            contents=self.contents,
            is_link=not words,
            case=case,
            overruled=held,
        )


def draw_flyer_of(scene: FlyerScene, wish: FlyerWish, code: str = "") -> DrawnPiece:
    """Draw a flyer; call it off the UI thread.

    `code` is the short code that a new print run gets, unless it is given out.

    Raises:
        UserFacingError: there is no such event or flyer.
    """
    event, document = _event_of(scene), scene.document
    wish = settled(scene, wish)
    design, template = wish.design(), wish.template()
    flyer_id = wish.flyer_id if design.needs_flyer else ""
    language = f"{wish.language}-{wish.second}" if design.is_bilingual else wish.language
    piece = Piece(flyer_id, wish.template_id, template.size, language, wish.leads)
    content, run = content_of_run(
        lambda code: _inked(document, event, wish, code),
        scene.known,
        document.short_links,
        RunWish(event.event_id, piece, code),
        payload_of(code_of(document, flyer_id, wish.leads)),
    )
    backs: tuple[FlyerContent, ...] = ()
    if wish.back:
        back = _inked(document, event, replace(wish, language=wish.back), run.code)
        backs = (replace(back, url=content.url, address=content.address),)
    behind = Behind(backs[0], wish.edge) if backs else None
    drawn = drawn_flyer(content, wish.pieces(), template, behind=behind)
    return DrawnPiece(drawn, scene, wish, run, (content, *backs))


def make_flyer_of(scene: FlyerScene, wish: FlyerWish, code: str = "") -> MadeFlyer:
    """Draw and check a flyer, as `draw_flyer_of` and `DrawnPiece.checked` do.

    Raises:
        UserFacingError: there is no such event or flyer.
    """
    return draw_flyer_of(scene, wish, code).checked()


def _event_of(scene: FlyerScene) -> Event:
    if scene.event is None:
        raise UserFacingError(
            _("There is no such event on this laptop."),
            safe=_("Nothing was printed."),
            next_step=_("Choose an event first."),
            code="no_event",
        )
    return scene.event


def _inked(document: OrganisationDocument, event: Event, wish: FlyerWish, code: str) -> FlyerContent:
    content = replace(_content(document, event, wish, code), is_black=wish.is_black)
    chosen = chosen_code(document, wish.leads)
    return led_to(content, document, event, chosen, code) if chosen else content


def _file_name(event: Event, wish: FlyerWish) -> str:
    design, up = wish.design(), wish.pieces()
    languages = [wish.language, wish.second if design.is_bilingual else "", wish.back]
    parts = [event.code, design.id if design.words else wish.flyer_id, *languages, wish.template().size]
    if up > 1:
        parts.append(f"{up}-{paper_name(wish.sheet().paper_mm)}")
    if wish.is_black:
        parts.append("black")
    return "-".join(part for part in parts if part)


def _content(document: OrganisationDocument, event: Event, wish: FlyerWish, code: str) -> FlyerContent:
    design = wish.design()
    if design.words:
        return own_words(document, event, wish.language, design, wish.flyer_id, code)
    content = flyer_content(document, event, wish.language, wish.flyer_id, code)
    if design.is_bilingual:
        second = flyer_content(document, event, wish.second, wish.flyer_id, code)
        content = replace(content, second=second)
    return content


def settled(scene: FlyerScene, wish: FlyerWish) -> FlyerWish:
    """Fill in what a wish leaves open: the first flyer, and the template that the office chose for it."""
    known = [flyer_id for flyer_id, _title in flyer_choices(scene.document, wish.language)]
    flyer_id = wish.flyer_id or next(iter(known), "")
    ours = scene.templates
    offered = {design.id for design in offered_designs(ours.designs)}
    # An older program may not have what the office chose.
    by_office = (
        ours.instead.get(flyer.template, flyer.template)
        for flyer in scene.document.flyers
        if flyer.id == flyer_id
    )
    template_id = next((item for item in by_office if item in offered), DEFAULT_TEMPLATE)
    chosen = wish.template_id or template_id
    flyer = scene.document.flyer(flyer_id)
    wish = replace(
        wish,
        flyer_id=flyer_id,
        template_id=ours.instead.get(chosen, chosen),
        own=ours.designs,
        has_flyer=bool(flyer_id),
        has_photo=flyer is not None and scene.document.picture(flyer.photo) is not None,
        languages=in_usual_order(flyer.texts) if flyer is not None else (),
    )
    second = wish.second if wish.second in wish.seconds else next(iter(wish.seconds), "")
    if not wish.can_be(wish.design()):
        # Another kind of paper has sizes of its own: an A4 of the one may be no A4 of the other.
        wish = replace(wish, template_id=DEFAULT_TEMPLATE, size="", up=0)
    wish = replace(wish, second=second)
    there = {leads for leads, _words in code_choices(scene.document, wish.design(), flyer_id, wish.language)}
    return replace(wish, leads=wish.leads if wish.leads in there else "")


def spoken_languages(scene: FlyerScene) -> tuple[str, ...]:
    """Give the languages of the office's flyers; without any, those of pieces with own words."""
    of_flyers = in_usual_order(key for flyer in scene.document.flyers for key in flyer.texts)
    return of_flyers or in_usual_order(key for item in without_flyer(scene) for key in item.words)


def without_flyer(scene: FlyerScene) -> tuple[Design, ...]:
    """Give the pieces that need no flyer of the office: the sign on the table, the card in thanks."""
    return tuple(design for design in offered_designs(scene.templates.designs) if not design.needs_flyer)


def make_event_flyer(store: Store, event_id: UUID, wish: FlyerWish) -> MadeFlyer:
    """Make the flyer of one event, for the command line. Blocks.

    Raises:
        UserFacingError: there is no such event or flyer, or its code can't lead where it should.
    """
    scene = store.read(lambda connection: read_scene(connection, event_id)).result()
    made = make_flyer_of(scene, wish)
    if made.wish.leads != wish.leads:
        offered = code_choices(scene.document, made.wish.design(), made.wish.flyer_id, wish.language)
        names = ", ".join(leads for leads, _words in offered if leads)
        raise UserFacingError(
            _("The organisation has nothing of this name that the code of this piece could lead to."),
            safe=_("Nothing was printed."),
            next_step=_("There is: {names}").format(names=names) if names else "",
            code="no_code",
        )
    return made
