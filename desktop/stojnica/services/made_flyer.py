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
from stojnica.printing.check import Behind, CheckedFlyer, checked_flyer
from stojnica.printing.flyer import DEFAULT_TEMPLATE, FlyerContent
from stojnica.printing.sheets import natural_edge
from stojnica.records.event_queries import known_event
from stojnica.records.funding_overrules import KnownOverrule, overrules_of
from stojnica.services.flyer_content import (
    code_words,
    flyer_choices,
    flyer_content,
    own_payload,
)
from stojnica.services.flyer_files import file_for_others
from stojnica.services.flyer_paper import (
    FlyerWish,
    offered_designs,
    paper_name,
)
from stojnica.services.funding_overrule import FundingCase, funding_case
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


def make_flyer_of(scene: FlyerScene, wish: FlyerWish, code: str = "") -> MadeFlyer:
    """Make and check a flyer; takes part of a second, call it off the UI thread.

    `code` is the short code that a new print run gets, unless it is given out.

    Raises:
        UserFacingError: there is no such event or flyer.
    """
    if scene.event is None:
        raise UserFacingError(
            _("There is no such event on this laptop."),
            safe=_("Nothing was printed."),
            next_step=_("Choose an event first."),
            code="no_event",
        )
    wish = settled(scene, wish)
    document, event = scene.document, scene.event
    design, template, up = wish.design(), wish.template(), wish.pieces()
    flyer_id = wish.flyer_id if design.needs_flyer else ""
    language = f"{wish.language}-{wish.second}" if design.is_bilingual else wish.language
    piece = Piece(flyer_id, wish.template_id, template.size, language)
    content, run = content_of_run(
        lambda code: _inked(document, event, wish, code),
        scene.known,
        document.short_links,
        RunWish(event.event_id, piece, code),
        own_payload(document, flyer_id),
    )
    backs: tuple[FlyerContent, ...] = ()
    if wish.back:
        back = _inked(document, event, replace(wish, language=wish.back), run.code)
        backs = (replace(back, url=content.url, address=content.address),)
    behind = Behind(backs[0], wish.edge) if backs else None
    checked = checked_flyer(content, up, template, behind=behind)
    held = tuple(item for item in scene.overrules if item.overrule.piece == checked.piece)
    checked = checked.overruled([item.overrule.rule for item in held])
    case = funding_case(event.event_id, wish, checked)
    hints = target_problems(document, design) if design.words else ()
    checked = replace(checked, problems=(*checked.problems, *hints))
    words = code_words(document, flyer_id)
    return MadeFlyer(
        checked=checked,
        link=words or content.url,
        name=f"{_file_name(event, wish)}.pdf",
        paper_mm=wish.sheet().paper_mm,
        run=run,
        wish=wish,
        contents=(content, *backs),
        is_link=not words,
        case=case,
        overruled=held,
    )


def _inked(document: OrganisationDocument, event: Event, wish: FlyerWish, code: str) -> FlyerContent:
    return replace(_content(document, event, wish, code), is_black=wish.is_black)


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
        has_photo=flyer is not None and scene.document.picture(flyer.photo) is not None,
        languages=in_usual_order(flyer.texts) if flyer is not None else (),
    )
    second = wish.second if wish.second in wish.seconds else next(iter(wish.seconds), "")
    if not wish.can_be(wish.design()):
        # Another kind of paper has sizes of its own: an A4 of the one may be no A4 of the other.
        wish = replace(wish, template_id=DEFAULT_TEMPLATE, size="", up=0)
    return replace(wish, second=second)


def make_event_flyer(store: Store, event_id: UUID, wish: FlyerWish) -> MadeFlyer:
    """Make the flyer of one event, for the command line. Blocks.

    Raises:
        UserFacingError: there is no such event or flyer.
    """
    scene = store.read(lambda connection: read_scene(connection, event_id)).result()
    return make_flyer_of(scene, wish)
