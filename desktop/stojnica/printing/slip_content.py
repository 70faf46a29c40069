"""What a paper slip says, in one language: the form's questions, the boxes with their whole wordings."""

from dataclasses import dataclass, field

from stojnica.printing.funding import FundingBand


@dataclass(frozen=True, slots=True)
class SlipQuestion:
    """Hold one question: with `choices` it has boxes to tick, else `lines` to write on.

    `room_mm` is the least length of line that an answer needs.
    """

    title: str
    help: str = ""
    choices: tuple[str, ...] = ()
    lines: int = 1
    room_mm: float = 28.0


@dataclass(frozen=True, slots=True)
class SlipSection:
    """Hold the questions of one page of the screen; without a title they need none."""

    questions: tuple[SlipQuestion, ...]
    title: str = ""
    lead: str = ""


@dataclass(frozen=True, slots=True)
class SlipConsent:
    """Hold one box with its whole wording (GDPR Art. 7(2)), and the name of the line for a question."""

    title: str
    text: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class SlipGuardian:
    """Hold the words of the lines for a guardian of the youngest."""

    title: str
    name: str
    relation: str
    signature: str


@dataclass(frozen=True, slots=True)
class SlipContent:
    """Hold all that is the same on each slip of a run.

    `version` is the small print that names form and wordings.
    `notice` is the short information at collection (GDPR Art. 13), `address` says where the full one is.
    """

    language: str
    organisation: str
    title: str
    event: str
    event_code: str
    consents_title: str
    consents: tuple[SlipConsent, ...]
    version: str
    sections: tuple[SlipSection, ...] = ()
    guardian: SlipGuardian | None = None
    notice: str = ""
    address: str = ""
    accent: str = ""
    funding: FundingBand | None = field(default=None)
