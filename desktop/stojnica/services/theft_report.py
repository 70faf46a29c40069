"""What the authority asks about a laptop that is gone, in words to hand in (GDPR, Article 33(3))."""

import shlex
from collections.abc import Iterator

from stojnica.central.theft import ContactsThere, LaptopContents
from stojnica.domain import kinds
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.services.written_time import local_time, written_clock, written_number, written_short_day

_OF_PERSONS = frozenset(
    {kinds.SIGNED_UP, kinds.ASKED, kinds.CONSENTED, kinds.WITHDREW, kinds.CORRECTED, kinds.VOIDED}
    | {kinds.COMPARED, kinds.GROUP_VISITED, kinds.CONTACT_WITHDREW}
)


def authority_text(found: LaptopContents, zone_name: str) -> str:
    """Write all of it, with places in brackets for what no program can know; wall clocks are of that zone."""
    parts = (
        (_("Report of a personal data breach: laptop “{name}”").format(name=found.name), _what(found)),
        (_("What happened"), _happened(found, zone_name)),
        (_("Whose data, and how many records"), _records(found, zone_name)),
        (_("How it was protected"), _protection()),
        (_("What may follow"), _consequences()),
        (_("What was done"), _done(found)),
        (_("Who answers questions"), _contact()),
    )
    return "\n\n".join("\n".join([head, *lines]) for head, lines in parts) + "\n"


def _contact() -> Iterator[str]:
    yield _("[Name, e-mail and phone of the person who answers for the data.]")


def _what(_found: LaptopContents) -> Iterator[str]:
    yield _(
        "Article 33 of the General Data Protection Regulation asks for this within 72 hours after it became"
        " known. Fill in what stands in brackets."
    )


def _moment(instant_us: int, zone_name: str) -> str:
    moment = local_time(instant_us, zone_name)
    return _("{day} at {time}").format(day=written_short_day(moment.date()), time=written_clock(moment))


def _happened(found: LaptopContents, zone_name: str) -> Iterator[str]:
    yield _("[How, where and when the laptop was lost, and when you noticed.]")
    yield _("The numbers below are for {when}, by the laptop's own clock.").format(
        when=_moment(found.until, zone_name)
    )


def _records(found: LaptopContents, zone_name: str) -> Iterator[str]:
    there = found.contacts
    if found.last_seen is None and not (found.delivered or found.owed or found.erased):
        # A zero would stand in the report as if it were known.
        yield from _not_here(found, zone_name)
        return
    text = ngettext(
        "The office knows of {count} contact that was on the laptop, at most.",
        "The office knows of {count} contacts that were on the laptop, at most.",
        there.all,
    )
    yield text.format(count=written_number(there.all))
    yield from _kinds_of_data(there)
    if found.erased:
        text = ngettext(
            "Beside them it may still hold {count} record of people whom the office has erased; it hasn't"
            " confirmed that.",
            "Beside them it may still hold {count} records of people whom the office has erased; it hasn't"
            " confirmed that.",
            found.erased,
        )
        yield text.format(count=written_number(found.erased))
    of_persons = sum(count for kind, count in found.records if kind in _OF_PERSONS)
    text = ngettext(
        "{count} record is at the office; {persons} of it is about visitors.",
        "{count} records are at the office; {persons} of them are about visitors.",
        found.delivered,
    )
    yield text.format(count=written_number(found.delivered), persons=written_number(of_persons))
    if found.delivered:
        yield _(
            "All these numbers are upper bounds. A laptop wipes by itself whom the office has, once a"
            " backup holds them and their time on laptops is over. It doesn't report which: whoever had been"
            " wiped by then is counted here all the same."
        )
    yield from _not_here(found, zone_name)


def _kinds_of_data(there: ContactsThere) -> Iterator[str]:
    named = (
        (_("names"), there.names),
        (_("e-mail addresses"), there.emails),
        (_("phone numbers"), there.phones),
        (_("towns or post codes"), there.places),
        (_("guardians of children"), there.guardians),
        (_("questions or remarks"), there.messages),
    )
    for words, count in named:
        if count:
            yield f"– {words}: {written_number(count)}"


def _not_here(found: LaptopContents, zone_name: str) -> Iterator[str]:
    if found.last_seen is None:
        yield _("The laptop has never been in touch with the office: what is on it isn't known here.")
        return
    if found.owed:
        text = ngettext(
            "{count} more record was announced and isn't at the office.",
            "{count} more records were announced and aren't at the office.",
            found.owed,
        )
        yield text.format(count=written_number(found.owed))
    yield _(
        "The laptop was in touch with the office last on {when}; what was captured on it afterwards isn't"
        " known here. Ask the team how many sign-ups there were, and whether a second copy is on a stick."
    ).format(when=_moment(found.last_seen, zone_name))


def _protection() -> Iterator[str]:
    yield _(
        "The data lies in one encrypted file (SQLCipher: AES with 256 bits, each page sealed). Its key is"
        " random and lies beside it only wrapped: by a passphrase of five random words or more (Argon2id,"
        " 256 MiB for each guess), and for the organisation's own keys. A PIN doesn't open it."
    )
    yield _(
        "This holds only if the laptop was locked or switched off and the passphrase wasn't with it."
        " [Confirm, or say how it was.]"
    )


def _consequences() -> Iterator[str]:
    yield _(
        "While the passphrase isn't known, nobody can read the data, and a risk to people is unlikely. Where"
        " it is, strangers may write to them or use their data in their name; then tell them too (Article"
        " 34)."
    )


def _done(found: LaptopContents) -> Iterator[str]:
    if found.is_shut_out:
        yield _("The laptop's access to the office was shut out; it can neither send nor fetch anything.")
    else:
        yield _(
            "The laptop still has access to the office. Shut it out first: stojnica central revoke URL --name"
            " {name}"
        ).format(name=shlex.quote(found.name))
    yield _("With its access nobody can read a person's data at the office; it could only add records.")
    yield _("[What else: police, the team, how it is prevented from now on.]")
