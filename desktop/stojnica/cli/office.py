"""The verbs of the office: the central database, its keys, its laptops."""

import argparse
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from stojnica.cli import (
    office_care,
    office_install,
    office_keys,
    office_reads,
    office_rights,
    recovery,
    redirects,
    sticks,
)
from stojnica.cli.office_keys import door_of, hint_at_clear_keys, keys_folder
from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.on_disk import settle

Subparsers = Any


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `central` and its verbs to the command line."""
    central = verbs.add_parser("central", help="the office's database", parents=[shared])
    below = central.add_subparsers(dest="central_verb", required=True, metavar="VERB")

    def verb(name: str, text: str, run: Any) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = below.add_parser(
            name, help=text, description=text, parents=[shared]
        )
        parser.set_defaults(run=run)
        return parser

    init = verb("init", "make or update the schema, roles and rights", _init)
    init.add_argument("url", metavar="URL")
    init.add_argument("--name", default="", help="name of the branch")
    office_keys.add_verbs(verb)
    keys_help = "folder of the organisation's keys; else the one that was made last from this home"
    publish = verb("publish", "publish the organisation's document, with a signed briefing", _publish)
    publish.add_argument("url", metavar="URL")
    publish.add_argument("--from", dest="file", required=True, type=Path, metavar="FILE")
    publish.add_argument("--keys", type=Path, metavar="DIR", help=keys_help)
    enrol = verb("enrol", "let a laptop in: a login of its own and its enrolment file", _enrol)
    enrol.add_argument("url", metavar="URL")
    enrol.add_argument("--name", required=True)
    enrol.add_argument("--out", required=True, type=Path, metavar="FILE")
    enrol.add_argument("--keys", type=Path, metavar="DIR", help=keys_help)
    enrol.add_argument(
        "--ca", type=Path, metavar="FILE", help="certificate of the authority that vouches for the server"
    )
    enrol.add_argument(
        "--host", action="append", default=[], metavar="HOST[:PORT]", help="how laptops reach the server"
    )
    project = verb("project", "add up the facts that came in", _project)
    project.add_argument("url", metavar="URL")
    status = verb("status", "show what each laptop announced, delivered and owes", _status)
    status.add_argument("url", metavar="URL")
    embedded = verb("embedded", "run a database of its own in a folder, until Ctrl-C", _embedded)
    embedded.add_argument("folder", type=Path, metavar="DIR")
    office_reads.add_verbs(verb)
    redirects.add_office_verb(verb)
    recovery.add_verbs(verb, keys_help)
    office_care.add_verbs(verb)
    sticks.add_office_verb(below, shared)
    office_rights.add_verbs(verb)
    office_install.add_verbs(verb)


def _init(arguments: argparse.Namespace) -> int:
    from stojnica.central.init import init

    identity = init(arguments.url, branch_name=arguments.name)
    if wants_json(arguments):
        say_json({"server_id": str(identity.server_id), "branch_id": str(identity.branch_id)})
        return DONE
    say(_("The database is ready. Branch: {branch_id}").format(branch_id=identity.branch_id))
    for item in identity.still_open:
        say(_("A superuser should still take from everyone: {item}").format(item=item))
    return DONE


def _publish(arguments: argparse.Namespace) -> int:
    from stojnica.central.publish import publish
    from stojnica.services.office_pictures import document_for_stands

    keys_dir = keys_folder(arguments)
    hint_at_clear_keys(arguments, keys_dir)
    published = publish(
        arguments.url,
        file=arguments.file,
        keys_dir=keys_dir,
        prepare=document_for_stands,
        open_keys=door_of(arguments),
    )
    if wants_json(arguments):
        say_json({"version": published.version, "changed": published.is_new})
    elif published.is_new:
        say(
            _("Published: version {version}. Laptops fetch it with the next sync.").format(
                version=published.version
            )
        )
    else:
        say(_("Nothing has changed since version {version}.").format(version=published.version))
    return DONE


def _enrol(arguments: argparse.Namespace) -> int:
    from stojnica.central.enrol import enrol

    ca_pem = _read_text(arguments.ca) if arguments.ca else ""
    made = enrol(
        arguments.url,
        name=arguments.name,
        keys_dir=keys_folder(arguments),
        hosts=tuple(_host(text) for text in arguments.host),
        ca_pem=ca_pem,
    )
    _write(arguments.out, made.data)
    if wants_json(arguments):
        say_json({"file": str(arguments.out), "code": made.code, "device_id": str(made.device_id)})
        return DONE
    say(_("The enrolment file of “{name}” is {file}.").format(name=made.name, file=arguments.out))
    say(_("One-time code, shown only now: {code}").format(code=made.code))
    say(_("Send file and code by different ways."))
    if not made.has_tls:
        say(
            _(
                "This database is on this machine and has no certificate: it is for practice. Only a laptop's"
                " home made with `stojnica init --practice`, on this machine, can send to it."
            )
        )
    return DONE


def _host(text: str) -> Any:
    from stojnica.central.enrolment import ServerHost

    name, colon, port = text.rpartition(":")
    if colon and port.isdigit():
        return ServerHost(name, int(port))
    return ServerHost(text, 5432)


def _project(arguments: argparse.Namespace) -> int:
    from stojnica.central.projector import project_all

    done = project_all(arguments.url)
    if wants_json(arguments):
        say_json({"facts": done.facts, "subjects": done.subjects, "quarantined": done.quarantined})
        return DONE
    text = ngettext("{count} record was added up.", "{count} records were added up.", done.facts)
    say(text.format(count=done.facts))
    if done.quarantined:
        text = ngettext(
            "{count} record waits in quarantine.", "{count} records wait in quarantine.", done.quarantined
        )
        say(text.format(count=done.quarantined))
    return DONE


def _status(arguments: argparse.Namespace) -> int:
    from stojnica.central.status import central_status
    from stojnica.services.written_time import written_moment

    status = central_status(arguments.url)
    if wants_json(arguments):
        say_json(status.as_json())
        return DONE
    for line in status.lines(written_moment):
        say(line)
    return DONE


def _embedded(arguments: argparse.Namespace) -> int:
    from stojnica.central.embedded import EmbeddedServer

    # Raised, not noted in an event: a signal that meets the event's own lock waits for itself for ever.
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), _interrupt)
    with suppress(KeyboardInterrupt), EmbeddedServer(arguments.folder) as server:
        if wants_json(arguments):
            say_json({"url": server.url})
        else:
            say(server.url)
            say(_("The database runs until Ctrl-C."))
        flush_output()
        while True:
            time.sleep(1)
    return DONE


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def flush_output() -> None:
    """Let a program that waits for our line have it now."""
    import sys

    sys.stdout.flush()


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise UserFacingError(
            _("The certificate {file} can't be read.").format(file=path.name),
            safe=_("Nothing was changed."),
            next_step=_("Give a PEM file that you may read."),
            code="unreadable_file",
        ) from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
        settle(path)  # It goes to the laptop on a stick.
    except OSError as error:
        raise UserFacingError(
            _("{file} can't be written.").format(file=path),
            next_step=_("Choose a folder that you may write to."),
            code="unwritable_file",
        ) from error
