"""The verb that sets the organisation's server up."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from stojnica.cli.office_care import Verb
from stojnica.cli.options import wants_json
from stojnica.cli.output import DONE, FAILED, say, say_json
from stojnica.domain.errors import CancelledError
from stojnica.i18n import gettext as _
from stojnica.i18n import ngettext

if TYPE_CHECKING:
    from stojnica.central.install import Plan
    from stojnica.central.installing.survey import Check


def add_verbs(verb: Verb) -> None:
    """Add it below `central`."""
    install = verb("install", "set up a small Debian server: PostgreSQL, TLS, schema, timers", _install)
    install.add_argument("--name", default="", help="the organisation; needed the first time")
    install.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="HOST",
        help="name or address by which laptops reach the server; may be given several times",
    )
    install.add_argument("--port", type=int, help="port that PostgreSQL listens at (5432)")
    install.add_argument("--cluster", default="stojnica", help="name of the PostgreSQL cluster")
    install.add_argument("--folder", type=Path, default=Path("/etc/stojnica"), metavar="DIR")
    answer = install.add_mutually_exclusive_group()
    answer.add_argument("--yes", action="store_true", help="don't ask")
    answer.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")


def _install(arguments: argparse.Namespace) -> int:
    from stojnica.central.install import carry_out, check, plan_server
    from stojnica.central.installing.database import LocalHub
    from stojnica.central.installing.layout import Layout
    from stojnica.central.installing.machine import ThisMachine

    machine = ThisMachine()
    hub = LocalHub(machine)
    # Another cluster has a user, timers and backups of its own, and takes none from the first.
    layout = Layout(
        folder=arguments.folder.absolute(),
        backups=Path("/var/backups") / arguments.cluster,
        cluster=arguments.cluster,
        service_user=arguments.cluster,
    )
    plan = plan_server(
        machine,
        hub,
        layout,
        name=arguments.name,
        hosts=tuple(arguments.host),
        port=arguments.port,
    )
    is_json = wants_json(arguments)
    if not is_json:
        _say_plan(plan)
    if arguments.dry_run:
        if is_json:
            say_json({"steps": [step.name for step in plan.steps]})
        return DONE
    if plan.steps and not arguments.yes:
        _ask()
    carry_out(plan, lambda step: None if is_json else say(_("Now: {step}").format(step=step.words)))
    checks = check(machine, hub, plan.server)
    if is_json:
        say_json(
            {
                "steps": [step.name for step in plan.steps],
                "changed": machine.journal,
                "to_do": [one.next_step for one in checks if not one.is_fine],
            }
        )
    else:
        _say_outcome(plan, machine.journal, checks)
    return DONE if all(one.is_fine for one in checks) else FAILED


def _say_plan(plan: "Plan") -> None:
    if not plan.steps:
        say(_("This server is set up. Nothing has to be changed."))
        return
    text = ngettext("{count} step is to be done:", "{count} steps are to be done:", len(plan.steps))
    say(text.format(count=len(plan.steps)))
    for number, step in enumerate(plan.steps, 1):
        say(f"{number:3}. {step.words}")
        for change in step.changes:
            say(f"       {change}")


def _ask() -> None:
    answer = input(_("Go on? Type yes: "))
    if answer.strip().lower() not in ("yes", "y", _("yes")):
        raise CancelledError


def _say_outcome(plan: "Plan", journal: list[str], checks: "tuple[Check, ...]") -> None:
    if journal:
        say(_("This was changed:"))
        for change in journal:
            say(f"  {change}")
    say(_("A look at the finished server:"))
    for one in checks:
        say(_("  fine: {text}").format(text=one.text) if one.is_fine else _to_do(one))
    layout, wish = plan.server.layout, plan.server.wish
    if layout.office_url.exists():
        say(_("The office's address of the database is in {file}.").format(file=layout.office_url))
    say(_("Let a laptop in, on this server:"))
    url = plan.server.local_url("postgres")
    say(
        f"  stojnica central enrol '{url}' --name NAME --out FILE"
        f" --host {wish.hosts[0]}:{wish.port} --ca {layout.ca}"
    )


def _to_do(one: "Check") -> str:
    return _("  to do: {text} {next_step}").format(text=one.text, next_step=one.next_step)
