"""`stojnica demo`: a whole stand in two minutes, with nothing in it that isn't real."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from stojnica.cli.options import choose_language
from stojnica.cli.output import DONE, say
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _

MAX_VISITORS = 200
Subparsers = Any


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `demo` to the command line."""
    text = "a practice stand: office, laptop, visitors, flyer, delivery and proof"
    parser = verbs.add_parser("demo", help=text, description=text, parents=[shared])
    parser.add_argument("--headless", action="store_true", help="show no window and stop at the end")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write flyer.pdf and a picture of each screen there"
    )
    parser.add_argument(
        "--visitors", type=_visitors, default=5, metavar="N", help="visitors at the kiosk (default: 5)"
    )
    parser.add_argument(
        "--trouble",
        action="store_true",
        help="instead: a killed program, a cut line, a restored database, a copied laptop; what was safe each"
        " time",
    )
    parser.set_defaults(run=run_demo)


def _visitors(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= MAX_VISITORS:
        raise argparse.ArgumentTypeError(f"a number from 0 to {MAX_VISITORS} is needed")
    return number


def run_demo(arguments: argparse.Namespace) -> int:
    """Run the practice stand; everything that it starts is stopped at its end, also after Ctrl-C."""
    if arguments.trouble:
        return _run_trouble(arguments)
    with _ending_at_once():
        # Qt can't be interrupted while it loads: it would end the process with a long complaint.
        from stojnica.bootstrap.practice import PracticeStand
        from stojnica.ui.application import has_display

    can_show = has_display(os.environ, sys.platform)
    is_shown = can_show and not arguments.headless
    with _interruptible(), _practice_home(arguments) as home:
        practice = PracticeStand(home, datetime.now().astimezone().date(), tell=_tell)
        try:
            practice.play(
                visitors=arguments.visitors, out=arguments.out, is_shown=is_shown, can_show=can_show
            )
            if is_shown:
                return practice.stay_open()
        finally:
            practice.close()
    return DONE


def _run_trouble(arguments: argparse.Namespace) -> int:
    """Run it without any window."""
    with _ending_at_once():
        from stojnica.bootstrap.trouble import TroubledStand

    with _interruptible(), _practice_home(arguments) as home:
        practice = TroubledStand(home, datetime.now().astimezone().date(), tell=_tell)
        try:
            practice.play()
        finally:
            practice.close()
    return DONE


def _tell(line: str) -> None:
    say(line)
    sys.stdout.flush()


@contextmanager
def _practice_home(arguments: argparse.Namespace) -> Iterator[Path]:
    """Give the folder that was asked for, which must be empty, or one that goes at the end."""
    given: Path | None = getattr(arguments, "home", None)
    if given is None:
        folder = Path(tempfile.mkdtemp(prefix="stojnica-practice-"))
        try:
            choose_language(folder)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    folder = given.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UserFacingError(
            _("The folder {folder} is not empty.").format(folder=folder),
            safe=_("Nothing in it was changed."),
            next_step=_("Practice needs a folder of its own: choose an empty one."),
            code="home_not_empty",
        )
    yield folder


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process while nothing has been started yet."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a request to end reach us like Ctrl-C, so that nothing is left running."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
