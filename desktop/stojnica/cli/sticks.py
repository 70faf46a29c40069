"""The verbs for sticks: a file from the laptop, taken in at the office, and the receipt back."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.cli.office_keys import door_of, hint_at_clear_keys, keys_folder
from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, FAILED, complain, say, say_json
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

if TYPE_CHECKING:
    from stojnica.sync.stick_import import StickImport

Subparsers = Any


def add_verbs(verbs: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `stick` and its verbs, for the laptop."""
    stick = verbs.add_parser("stick", help="deliver with an encrypted file on a stick", parents=[shared])
    below = stick.add_subparsers(dest="stick_verb", required=True, metavar="VERB")
    text = "write what the office doesn't have to a stick, for the office alone to open"
    export = below.add_parser("export", help=text, description=text, parents=[shared])
    export.add_argument("folder", type=Path, metavar="DIR")
    export.add_argument("--all", action="store_true", help="everything, also what the office confirmed")
    export.set_defaults(run=_export)
    text = "take in the receipt that the office made for such a file"
    receive = below.add_parser("receive", help=text, description=text, parents=[shared])
    receive.add_argument("file", type=Path, metavar="FILE")
    receive.set_defaults(run=_receive)


def add_office_verb(below: Subparsers, shared: argparse.ArgumentParser) -> None:
    """Add `central stick import`."""
    stick = below.add_parser("stick", help="take in what came on sticks", parents=[shared])
    verbs = stick.add_subparsers(dest="stick_verb", required=True, metavar="VERB")
    text = "take in files from laptops, in any order and any number, and write a receipt beside each"
    take = verbs.add_parser("import", help=text, description=text, parents=[shared])
    take.add_argument("url", metavar="URL")
    take.add_argument("files", type=Path, nargs="+", metavar="FILE")
    take.add_argument("--keys", type=Path, metavar="DIR", help="folder of the organisation's keys")
    take.add_argument("--receipts", type=Path, metavar="DIR", help="where receipts go; else beside each file")
    take.set_defaults(run=_import)


def _export(arguments: argparse.Namespace) -> int:
    from stojnica.cli.stand import open_stand
    from stojnica.services.stick import WorkSteps
    from stojnica.sync.stick_export import export_to_stick

    with open_stand(arguments) as stand:
        written = export_to_stick(
            stand.store, arguments.folder, WorkSteps(None), is_all=getattr(arguments, "all", False)
        )
    if wants_json(arguments):
        say_json(
            {
                "files": [
                    {"file": str(one.path), "records": one.facts, "bytes": one.size, "code": one.code}
                    for one in written.files
                ],
                "contacts": written.contacts,
                "records": written.facts,
                "erased": written.erased,
            }
        )
        return DONE
    for one in written.files:
        say(_("Written and read back: {file} · code {code}").format(file=one.path, code=one.code))
    if len(written.files) > 1:
        text = ngettext(
            "The office needs {count} file, the one above.",
            "The office needs all {count} files above.",
            len(written.files),
        )
        say(text.format(count=len(written.files)))
    if written.erased:
        text = ngettext(
            "{count} erased record is told of in it.",
            "{count} erased records are told of in it.",
            written.erased,
        )
        say(text.format(count=written.erased))
    if not written.facts:
        return DONE
    text = ngettext(
        "{count} contact is in it. It stays here until the office's receipt comes back.",
        "{count} contacts are in it. They stay here until the office's receipt comes back.",
        written.contacts,
    )
    say(text.format(count=written.contacts))
    return DONE


def _receive(arguments: argparse.Namespace) -> int:
    from stojnica.cli.stand import open_stand
    from stojnica.services.stick import orders_words, read_receipt_file
    from stojnica.sync.stick_receipt import receive

    data = read_receipt_file(arguments.file)
    with open_stand(arguments) as stand:
        received = receive(stand.store, data, stand.copies.renew)
    if wants_json(arguments):
        say_json(
            {
                "file": received.name,
                "confirmed": received.facts,
                "records": received.of_facts,
                "code": received.code,
                "whole_code": received.whole_code,
                "orders": received.orders,
                "erased": received.erased,
            }
        )
        return DONE
    text = ngettext(
        "{done} of {total} record confirmed · {code}",
        "{done} of {total} records confirmed · {code}",
        received.of_facts,
    )
    say(text.format(done=received.facts, total=received.of_facts, code=received.whole_code or received.code))
    if received.orders:
        say(orders_words(received))
    return DONE


def _import(arguments: argparse.Namespace) -> int:
    from stojnica.central.backup_file import load_identities
    from stojnica.central.keys import load_signing_key
    from stojnica.central.sticks import stick_desk

    folder, door = keys_folder(arguments), door_of(arguments)
    hint_at_clear_keys(arguments, folder)
    identities, signing_key = load_identities(folder, door), load_signing_key(folder, door)
    outcomes: list[dict[str, Any]] = []
    with stick_desk(arguments.url) as desk:
        for file in arguments.files:
            outcomes.append(_import_one(arguments, desk, file, identities, signing_key))
    if wants_json(arguments):
        say_json({"files": outcomes})
    return FAILED if any("error" in one for one in outcomes) else DONE


def _import_one(
    arguments: argparse.Namespace, desk: Any, file: Path, identities: Any, signing_key: Any
) -> dict[str, Any]:
    """Take one file in; what is wrong with it keeps no other from its turn."""
    from stojnica.central.projector import project_all
    from stojnica.sync.stick_import import import_file, receipt_path, with_orders, write_receipt

    try:
        taken = import_file(desk, file, identities)
        # Before the receipt: somebody who was erased may be in this very file, under another id.
        project_all(arguments.url)
        if not wants_json(arguments):
            _say_taken(file, taken)
        if taken.receipt is not None:
            to = receipt_path(file, arguments.receipts)
            write_receipt(with_orders(desk, taken.receipt), to, signing_key)
            if not wants_json(arguments):
                say(_("  Receipt for the laptop: {file}").format(file=to))
    except UserFacingError as error:
        complain(f"{file.name}: {error.sentences()}")
        return {"file": str(file), "error": error.code, "message": error.sentences()}
    return {
        "file": str(file),
        "laptop": taken.name,
        "contacts": taken.contacts,
        "records": taken.facts,
        "stored": taken.stored,
        "present": taken.present,
        "erased": taken.erased,
        "not_taken": taken.not_taken,
        "erasures_left": taken.erasures_left,
        "code": taken.code,
        "whole_code": taken.whole_code,
        "receipt": str(receipt_path(file, arguments.receipts)) if taken.receipt is not None else None,
    }


def _say_taken(file: Path, taken: "StickImport") -> None:
    from stojnica.services.written_time import written_number

    people = ngettext("{count} contact", "{count} contacts", taken.contacts)
    records = ngettext("{done} of {total} record", "{done} of {total} records", taken.facts)
    done = written_number(taken.facts - taken.not_taken)
    # People first, as in the window; where a file brings none, only records and erasures are told.
    parts = [
        _("{file}: “{laptop}”").format(file=file.name, laptop=taken.name),
        people.format(count=written_number(taken.contacts)) if taken.contacts else "",
        records.format(done=done, total=written_number(taken.facts)),
        taken.whole_code or taken.code,
    ]
    say(" · ".join(part for part in parts if part))
    say(
        _("  records: new {new} · here already {present} · erased, stay erased {erased}").format(
            new=written_number(taken.stored),
            present=written_number(taken.present),
            erased=written_number(taken.erased),
        )
    )
    if taken.not_taken:
        text = ngettext(
            "  {count} record could not be taken: import the file again tomorrow.",
            "  {count} records could not be taken: import the file again tomorrow.",
            taken.not_taken,
        )
        say(text.format(count=taken.not_taken))
    if taken.erasures_left:
        text = ngettext(
            "  {count} more record can only be erased another day: import the file again tomorrow.",
            "  {count} more records can only be erased another day: import the file again tomorrow.",
            taken.erasures_left,
        )
        say(text.format(count=taken.erasures_left))
