"""The verbs that back the office's database up and bring it back."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stojnica.cli.office_keys import door_of
from stojnica.cli.options import home_of, wants_json
from stojnica.cli.output import DONE, say, say_json
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext
from stojnica.settings import load_keys_folder

if TYPE_CHECKING:
    from stojnica.central.backup_content import Content
    from stojnica.central.tombstones import Applied

Verb = Any


def add_verbs(verb: Verb) -> None:
    """Add them below `central`."""
    backup = verb(
        "backup", "back the database up, restore the backup to prove it, and note what it holds", _backup
    )
    backup.add_argument("url", metavar="URL")
    backup.add_argument("out", type=Path, metavar="OUT", help="folder for the file, best on another computer")
    backup.add_argument(
        "--keep", type=_number, default=0, metavar="N", help="keep the N newest files (default: all)"
    )
    backup.add_argument(
        "--keys",
        type=Path,
        metavar="DIR",
        help="encrypt to the organisation whose public keys are there; not needed with its folder as URL",
    )
    identities = "folder with an identity of the organisation, for an encrypted file"
    check = verb("restore-check", "prove that a backup can be restored; changes nothing", _restore_check)
    restore = verb("restore", "restore a backup into an empty database", _restore)
    for one in (check, restore):
        one.add_argument("url", metavar="URL")
        one.add_argument("file", type=Path, metavar="FILE")
        one.add_argument("--keys", type=Path, metavar="DIR", help=identities)
        text = "list of what was erased and who was shut out; else those beside the backup"
        one.add_argument("--tombstones", type=Path, metavar="FILE", help=text)
    text = "do without a list: only if nobody was ever erased and no laptop ever shut out"
    restore.add_argument("--without-tombstones", action="store_true", help=text)


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError("a number from 1 is needed")
    return number


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _backup(arguments: argparse.Namespace) -> int:
    from stojnica.central.backup import back_up

    # Whoever names the organisation's keys in place of an address has said whom the file is for.
    keys: Path | None = arguments.keys or getattr(arguments, "office", None)
    done = back_up(arguments.url, arguments.out, keys_dir=keys, keep=arguments.keep, tell=_tell)
    if wants_json(arguments):
        say_json(
            {
                "backup_id": str(done.backup_id),
                "file": str(done.file),
                "facts": done.facts,
                "code": done.code,
                "damaged": done.damaged,
                "newly_covered": done.newly_covered,
                "encrypted": done.is_encrypted,
                "removed": list(done.removed),
            }
        )
        return DONE
    say(_("The backup is {file}. It was restored and compared.").format(file=done.file))
    text = ngettext("{count} record is in it", "{count} records are in it", done.facts)
    say(f"{text.format(count=done.facts)} · {done.code}")
    text = ngettext(
        "{count} record is in a backup for the first time.",
        "{count} records are in a backup for the first time.",
        done.newly_covered,
    )
    say(text.format(count=done.newly_covered))
    _say_damaged(done.damaged)
    if done.is_encrypted:
        say(_("It is encrypted: only the organisation's identities open it."))
    else:
        say(_("It holds personal data in clear: only the office may read it. With --keys it is encrypted."))
    return DONE


def _say_damaged(count: int) -> None:
    if count:
        text = ngettext(
            "{count} record is damaged at the centre: laptops keep it.",
            "{count} records are damaged at the centre: laptops keep them.",
            count,
        )
        say(text.format(count=count))


def _restore_check(arguments: argparse.Namespace) -> int:
    from stojnica.central.restore_check import check_restore

    checked = check_restore(
        arguments.url,
        arguments.file,
        keys_dir=_identities(arguments),
        open_keys=door_of(arguments),
        tombstones=arguments.tombstones,
    )
    if wants_json(arguments):
        listed = {} if checked.listed is None else asdict(checked.listed)
        has_list = checked.listed is not None
        say_json({**_as_json(checked.content), "known": checked.is_known, "list": has_list, **listed})
        return DONE
    say(_("The backup can be restored."))
    _say_content(checked.content)
    if checked.is_known:
        say(_("It is the one that this database noted, unchanged."))
    _say_foreseen(checked.listed)
    return DONE


def _say_foreseen(listed: "Applied | None") -> None:
    """Say what a restore would do by the list that it finds."""
    if listed is None:
        say(_("The list of what was erased and who was shut out isn't beside it: a restore wants one."))
        return
    text = ngettext(
        "By the list beside it, a restore erases {count} record again.",
        "By the list beside it, a restore erases {count} records again.",
        listed.erased,
    )
    say(text.format(count=listed.erased))
    for name in listed.shut_out:
        say(_("“{name}” was shut out after this backup: a restore shuts it out again.").format(name=name))


def _restore(arguments: argparse.Namespace) -> int:
    from stojnica.central.restore import restore

    done = restore(
        arguments.url,
        arguments.file,
        keys_dir=_identities(arguments),
        open_keys=door_of(arguments),
        tombstones=arguments.tombstones,
        may_lack_tombstones=arguments.without_tombstones,
        tell=_tell,
    )
    if wants_json(arguments):
        laptops = {"ready": list(done.ready), "to_enrol": list(done.to_enrol)}
        listed = {"list": done.has_list, "erased": done.erased, "shut_out": list(done.shut_out)}
        say_json({**_as_json(done.content), **laptops, **listed})
        return DONE
    say(_("The backup was restored."))
    _say_content(done.content)
    if done.erased:
        text = ngettext(
            "{count} record in it was erased since; it is gone again.",
            "{count} records in it were erased since; they are gone again.",
            done.erased,
        )
        say(text.format(count=done.erased))
    for name in done.shut_out:
        said = _(
            "“{name}” was shut out after this backup, and is again: its login and its sticks don't count."
        )
        say(said.format(name=name))
    for name in done.ready:
        say(_("“{name}” can sync again, and brings back what came after the backup.").format(name=name))
    for name in done.to_enrol:
        say(_("“{name}” must be enrolled anew: this server has no login of it.").format(name=name))
    if done.ready or done.to_enrol:
        say(_what_no_list_says(has_list=done.has_list))
    return DONE


def _what_no_list_says(*, has_list: bool) -> str:
    if has_list:
        return _(
            "Was a laptop lost and shut out after the list beside the backup was last written? Then shut it"
            " out once more, or its sticks count again: stojnica central revoke URL --name NAME"
        )
    return _(
        "Was a laptop lost and shut out after this backup? Then shut it out once more, or its sticks"
        " count again: stojnica central revoke URL --name NAME"
    )


def _identities(arguments: argparse.Namespace) -> Path | None:
    """Give the folder that was asked for, or for an encrypted file the one that is known."""
    folder: Path | None = arguments.keys
    if folder is None and arguments.file.suffix == ".age":
        folder = getattr(arguments, "office", None) or load_keys_folder(home_of(arguments))
    return folder


def _as_json(content: "Content") -> dict[str, Any]:
    return {
        "facts": content.facts,
        "code": content.code,
        "damaged": content.damaged[0],
        "laptops": content.laptops,
        "briefings": content.rows.get("briefing", 0),
    }


def _say_content(content: "Content") -> None:
    text = ngettext("{count} record is in it", "{count} records are in it", content.facts)
    laptops = ngettext("{count} laptop", "{count} laptops", content.laptops)
    parts = [text.format(count=content.facts), laptops.format(count=content.laptops), content.code]
    say(" · ".join(parts))
    _say_damaged(content.damaged[0])
