"""A project's funding profile: whose money it is, for how long, and what printed matter then says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Texts = Mapping[str, str]
FUNDING_KINDS = ("funded", "cofunded")


@dataclass(frozen=True, slots=True)
class OwnDisclaimer:
    """Hold a disclaimer that the grant agreement words in its own way; `verify`: to be checked first."""

    text: str
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Funding:
    """Hold whose money it is; `kind` is "funded" or "cofunded" (CERV model grant agreement, Art. 17).

    Without a name or days of its own it has the project's; both days are included. `languages` are those
    in which the funding is named, the first one for pieces in any other; without them, all.
    """

    kind: str
    programme: str
    authority: Texts
    verify: bool = False
    name: Texts = field(default_factory=dict)
    number: str = ""
    starts: date | None = None
    ends: date | None = None
    languages: tuple[str, ...] = ()
    disclaimers: Mapping[str, OwnDisclaimer] = field(default_factory=dict)

    def language_for(self, language: str) -> str:
        """Give the language in which a piece in this one names the funding."""
        if not self.languages or language in self.languages:
            return language
        return self.languages[0]
