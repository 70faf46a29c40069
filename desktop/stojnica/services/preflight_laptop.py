"""Pre-flight checks of the laptop itself: clock, disk, battery, printer, scanner, passphrase, own files."""

import os
from pathlib import Path

from stojnica.domain.clock_check import ClockEvidence, ClockVerdict, judge_clock
from stojnica.domain.scan_check import ScanVerdict, judge_scan
from stojnica.i18n import STAFF_LANGUAGES, ngettext
from stojnica.i18n import gettext as _
from stojnica.resources import resources_dir
from stojnica.services.preflight import Grounds, Line, State
from stojnica.services.written_time import local_time, written_clock, written_day, written_number
from stojnica.storage.home import StoreHome
from stojnica.storage.slots import PASSPHRASE, load_slots

MIN_FREE_BYTES = 500 * 1000 * 1000
FULL_PERCENT, LOW_PERCENT = 80, 30
TRIAL = ".preflight-"
MAX_FILES = 1_000
_NEEDED = (
    "fonts/NotoSans-Regular.ttf",
    "fonts/NotoSans-SemiBold.ttf",
    "fonts/Ubuntu-Regular.ttf",
    "theme/stojnica.qss",
    "contact/mail-domains.json",
    "forms/person.json",
    "forms/organisation.json",
    "slips/words.json",
    "funding/eu.json",
    "papers/printed.json",
    *(f"locales/{language}/LC_MESSAGES/stojnica.mo" for language in STAFF_LANGUAGES),
)


def check_offline(grounds: Grounds) -> Line:
    """Look whether all that the stand needs lies on the laptop."""
    folder = resources_dir()
    missing = [name for name in _NEEDED if not (folder / name).is_file()]
    if missing:
        names = ", ".join(Path(name).name for name in missing)
        return Line(
            "offline",
            State.BAD,
            _("Files of the program are missing: {names}.").format(names=names),
            _("Install the program again; what was saved stays."),
        )
    if not grounds.stand.now.shown.document.organisation.name:
        return Line(
            "offline",
            State.BAD,
            _("What the office decided is not on this laptop yet."),
            _("Send to the office once while there is internet."),
        )
    return Line("offline", State.FINE, _("Works without internet: everything needed is on this laptop."))


def check_clock(grounds: Grounds) -> Line:
    """Compare the clock with what can't have happened later, and its time zone with the event's."""
    clock, now = grounds.clock, grounds.stand.now
    instant = clock.now_us()
    receipt = grounds.stand.delivery.receipt
    verdict = judge_clock(
        instant,
        ClockEvidence(
            proven_at=receipt.proven_at if receipt else 0,
            program_at=grounds.machine.program_at,
            files_at=newest_file_us(grounds.machine.home),
        ),
    )
    local = local_time(instant, now.zone_name)
    what = _("The clock says: {day}, {time}.").format(
        day=written_day(local.date()), time=written_clock(local)
    )
    told = {
        ClockVerdict.BEFORE_OFFICE: (State.BAD, _("That is before the last sending. Set the clock.")),
        ClockVerdict.BEFORE_PROGRAM: (State.BAD, _("That is before this program was made. Set the clock.")),
        ClockVerdict.BEFORE_FILES: (
            State.LOOK,
            _("Files of this laptop are newer. Compare with a telephone, and set the clock if it differs."),
        ),
        ClockVerdict.FAR_AHEAD: (
            State.LOOK,
            _("That is more than a year after all that is known here. Compare with a telephone."),
        ),
    }
    if verdict in told:
        state, todo = told[verdict]
        return Line("clock", state, what, todo)
    offset = local.utcoffset()
    if offset is not None and offset.total_seconds() // 60 != clock.offset_min():
        todo = _("The laptop’s time zone is not the event’s ({zone}). Set it, or mind the hours.")
        return Line("clock", State.LOOK, what, todo.format(zone=now.zone_name))
    return Line("clock", State.FINE, what)


def newest_file_us(folder: Path) -> int:
    """Give when the newest file in a folder was written, in µs UTC; 0 when there is none."""
    newest = 0
    with os.scandir(folder) as entries:
        for entry, _place in zip(entries, range(MAX_FILES), strict=False):
            try:
                # Our own trial file, which another check may be writing just now, tells nothing of the clock.
                if entry.is_file(follow_symlinks=False) and not entry.name.startswith(TRIAL):
                    newest = max(newest, entry.stat(follow_symlinks=False).st_mtime_ns // 1000)
            except FileNotFoundError:
                continue  # The database's log, or a trial file, may have gone in the meantime.
    return newest


def check_disk(grounds: Grounds) -> Line:
    """Look whether there is room, and whether a file can really be written."""
    import shutil  # Only here, both: the window has no need of them, and comes sooner.
    import tempfile

    home = grounds.machine.home
    try:
        free = shutil.disk_usage(home).free
        with tempfile.NamedTemporaryFile(dir=home, prefix=TRIAL) as file:
            file.write(b"stojnica")
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return Line(
            "disk",
            State.BAD,
            _("Nothing can be written to this laptop’s folder."),
            _("Look whether the disk is full, or whether another user owns {folder}.").format(folder=home),
        )
    size = written_number(free // 1_000_000)
    what = _("Room on the disk: {size} MB.").format(size=size)
    if free < MIN_FREE_BYTES:
        return Line("disk", State.BAD, what, _("At least 500 MB are needed. Delete what isn’t ours."))
    return Line("disk", State.FINE, what)


def check_battery(grounds: Grounds) -> Line:
    """Look how full the battery is."""
    battery = grounds.machine.battery()
    if battery is None:
        return Line(
            "battery",
            State.LOOK,
            _("The battery can’t be read."),
            _("Look at the sign of the system, and take the charger along."),
        )
    what = _("Battery: {percent} %.").format(percent=battery.percent)
    if battery.is_plugged_in and battery.percent < FULL_PERCENT:
        return Line("battery", State.LOOK, what, _("It is charging. Leave it on the mains until you go."))
    if battery.percent < LOW_PERCENT:
        return Line("battery", State.BAD, what, _("Charge it before you go."))
    if battery.percent < FULL_PERCENT:
        return Line("battery", State.LOOK, what, _("Charge it before you go, and take the charger along."))
    return Line("battery", State.FINE, what)


def check_printer(grounds: Grounds) -> Line:
    """Look whether the system has a printer that takes work."""
    printers = grounds.machine.printers.printers()
    if printers is None:
        return Line(
            "printer",
            State.LOOK,
            _("The system does not tell its printers."),
            _("Print one flyer and look at it."),
        )
    chosen = printers.chosen
    if chosen is None:
        todo = _("Connect one and switch it on, or print everything before you go.")
        return Line("printer", State.BAD, _("There is no printer."), todo)
    if not chosen.is_ready:
        return Line(
            "printer",
            State.BAD,
            _("The printer {name} does not take anything.").format(name=chosen.name),
            _("Look at its cable, its switch and its paper, then check again."),
        )
    return Line("printer", State.FINE, _("The printer {name} is ready.").format(name=chosen.name))


def check_scanner(grounds: Grounds) -> Line:
    """Judge what the scanner typed."""
    document = grounds.stand.now.shown.document
    known = (document.organisation.website, *(flyer.url for flyer in document.flyers))
    compare = _(
        "Compare with what is printed; y and z may have changed places. A flyer’s code shows it best."
    )
    told = {
        ScanVerdict.FINE: (State.FINE, _("The scanner types as it should."), ""),
        ScanVerdict.NOTHING: (
            State.LOOK,
            _("The scanner was not tried yet."),
            _("Scan a flyer’s code into the field on the page of this check."),
        ),
        ScanVerdict.LAYOUT: (
            State.BAD,
            _("The scanner types other characters than are printed."),
            _("Choose the keyboard English (US) while scanning, or set the scanner to your keyboard."),
        ),
        ScanVerdict.CAPITALS: (
            State.LOOK,
            _("The scanner types capitals."),
            _("Look whether Caps Lock is on, then scan again."),
        ),
        ScanVerdict.COMPARE: (State.LOOK, _("The scanner types."), compare),
    }
    return Line("scanner", *told[judge_scan(grounds.scanned, known)])


def check_passphrase(grounds: Grounds) -> Line:
    """Look whether the laptop opens when one person is ill."""
    number = len(load_slots(StoreHome(grounds.machine.home).slots).of_kind(PASSPHRASE))
    if number > 1:
        text = ngettext(
            "{count} passphrase opens this laptop.", "{count} passphrases open this laptop.", number
        )
        return Line("passphrase", State.FINE, text.format(count=number))
    if grounds.plan.two_know:
        return Line("passphrase", State.FINE, _("Two people of the team know the passphrase."))
    return Line(
        "passphrase",
        State.LOOK,
        _("One passphrase opens this laptop. Do two people know it?"),
        _(
            "Give the paper with the words to a second person of the team,"
            " then tick that on the page of this check."
        ),
    )
