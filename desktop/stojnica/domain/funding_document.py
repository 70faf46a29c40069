"""Reading a project's funding profile: each mistake has a place and a reason."""

from datetime import date

from stojnica.domain.document_node import Node
from stojnica.domain.funding import FUNDING_KINDS, Funding, OwnDisclaimer
from stojnica.i18n import gettext as _

_TITLE_LIMIT = 200
_NUMBER_LIMIT = 40
_DISCLAIMER_LIMIT = 800
_MOST_LANGUAGES = 30


def parse_funding(node: Node, project_days: tuple[date, date]) -> Funding:
    """Check the funding profile of a project that runs from the first of these days to the last.

    Raises:
        DocumentError: what is wrong first, with its place.
    """
    fields = node.fields("kind programme authority", "verify name number starts ends languages disclaimers")
    starts, ends = (_day(fields.get(name)) for name in ("starts", "ends"))
    if (ends or project_days[1]) < (starts or project_days[0]):
        raise fields["ends" if ends else "starts"].error(_("it ends before it starts"), "order")
    return Funding(
        kind=fields["kind"].one_of(FUNDING_KINDS),
        programme=fields["programme"].text(_TITLE_LIMIT),
        authority=fields["authority"].texts(_TITLE_LIMIT),
        verify="verify" in fields and fields["verify"].flag(),
        name=fields["name"].texts(_TITLE_LIMIT) if "name" in fields else {},
        number=fields["number"].text(_NUMBER_LIMIT, blank=True) if "number" in fields else "",
        starts=starts,
        ends=ends,
        languages=_languages(fields.get("languages")),
        disclaimers=_disclaimers(fields.get("disclaimers")),
    )


def _day(node: Node | None) -> date | None:
    return None if node is None or node.value is None else node.day()


def _languages(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    found = tuple(item.language() for item in node.items(_MOST_LANGUAGES))
    if len(set(found)) < len(found):
        raise node.error(_("a language stands twice"), "repeated")
    return found


def _disclaimers(node: Node | None) -> dict[str, OwnDisclaimer]:
    if node is None:
        return {}
    return {language: _disclaimer(item) for language, item in node.by_language().items()}


def _disclaimer(node: Node) -> OwnDisclaimer:
    fields = node.fields("text", "verify")
    return OwnDisclaimer(
        fields["text"].text(_DISCLAIMER_LIMIT), "verify" in fields and fields["verify"].flag()
    )
