"""Making a laptop one of the organisation's: the file from the office, opened with its code."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stojnica.central.enrolment import MAX_FILE_BYTES, Enrolment, open_enrolment
from stojnica.domain.canonical import parse_canonical
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import content_hash
from stojnica.i18n import gettext as _
from stojnica.on_disk import open_plain
from stojnica.services.recovery import keep_recovery_ready
from stojnica.storage.home import OpenStore
from stojnica.storage.slots import load_slots, one_change, save_slots, with_organisation
from stojnica.storage.store import join_branch
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.brief import checked_briefing, keep_briefing
from stojnica.sync.credentials import Credentials, credentials_from, credentials_of, keep_credentials
from stojnica.sync.transport import SignedBriefing


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Tell what the laptop is now called, and whether the office's wordings came along."""

    name: str
    has_briefing: bool


def read_enrolment_file(path: Path) -> bytes:
    """Read the file as it came, bounded.

    Raises:
        UserFacingError: it can't be read.
    """
    try:
        with open_plain(path) as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserFacingError(
            _("The enrolment file can't be read."),
            safe=_("Nothing was changed."),
            next_step=_("Check the name of the file, and that the stick is still plugged in."),
            code="unreadable_file",
        ) from error


def enrol_laptop(opened: OpenStore, data: bytes, code: str) -> Enrolled:
    """Take the file in: contacts taken before are the organisation's now, and are delivered next time.

    Takes a few seconds; call it off the UI thread. Everything is kept in one transaction; the slot by
    which the organisation can open this laptop is written first, because without it nothing may go on.

    Raises:
        UserFacingError: damaged, wrong code, expired, or this laptop belongs to an organisation already.
    """
    enrolment = open_enrolment(data, code, now_us=opened.store.clock.now_us())
    # Before the slots: a stranger's key in them would open this laptop, and refusing it later takes none out.
    _check_same_branch(opened.store.read(credentials_of).result(), enrolment)
    with one_change():
        slots = load_slots(opened.home.slots)
        save_slots(opened.home.slots, with_organisation(slots, opened.key, enrolment.recipients))
    device_key = Ed25519PrivateKey.generate().private_bytes_raw()

    def take_in(unit: UnitOfWork) -> None:
        known = credentials_of(unit.connection)
        _check_same_branch(known, enrolment)
        keep_credentials(unit.connection, credentials_from(enrolment, device_key))
        if known is None:
            join_branch(unit.connection, enrolment.branch_id)
        briefing = _briefing(enrolment)
        if briefing is not None:
            keep_briefing(unit.connection, briefing, enrolment.branch_id, unit.clock.now_us())
        unit.commit()

    opened.store.write(take_in).result()
    keep_recovery_ready(opened)
    return Enrolled(enrolment.name, enrolment.briefing is not None)


def _check_same_branch(known: Credentials | None, enrolment: Enrolment) -> None:
    if known is not None and known.branch_id != enrolment.branch_id:
        raise _belongs_to_another()


def _briefing(item: Enrolment) -> SignedBriefing | None:
    if item.briefing is None:
        return None
    version = parse_canonical(item.briefing)["briefing"]["version"]
    signed = SignedBriefing(version, content_hash(item.briefing), item.briefing, item.briefing_signature)
    checked_briefing(signed, item.signing_key, item.branch_id)
    return signed


def _belongs_to_another() -> UserFacingError:
    return UserFacingError(
        _("This laptop belongs to another organisation already."),
        safe=_("Nothing was changed."),
        next_step=_("Use a separate folder for each organisation, or ask the office."),
        code="enrolled_elsewhere",
    )
