"""Set one small Debian server up for an organisation without an administrator."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from stojnica.central.installing.layout import Layout, Server, this_program
from stojnica.central.installing.machine import Machine, told_in_words
from stojnica.central.installing.plan import Step, make_plan
from stojnica.central.installing.survey import Check, Hub, read_password, survey

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the server as it is to be, and the steps that are still needed to get there."""

    server: Server
    steps: tuple[Step, ...]


def plan_server(
    machine: Machine,
    hub: Hub,
    layout: Layout,
    *,
    name: str = "",
    hosts: tuple[str, ...] = (),
    port: int | None = None,
) -> Plan:
    """Look at the machine, change nothing, and say what is to be done; what isn't given stays as it was.

    Raises:
        UserFacingError: not root, no Debian, the wish is incomplete, or something of others is in the way.
    """
    if not layout.program:
        layout = replace(layout, program=this_program())
    try:
        found = survey(machine, hub, layout, name=name, hosts=hosts, port=port)
        return Plan(found.server, make_plan(machine, hub, found))
    except OSError as error:
        raise told_in_words(error) from error


def carry_out(plan: Plan, tell: Callable[[Step], None] = lambda step: None) -> None:
    """Do the steps in their order, and tell of each before it begins.

    Whatever ends this, kill -9 and a power cut included: planning and carrying out again goes on from there.

    Raises:
        UserFacingError: a step failed.
    """
    for step in plan.steps:
        tell(step)
        log.info("installing: %s", step.name)
        try:
            step.act()
        except OSError as error:
            raise told_in_words(error) from error


def check(machine: Machine, hub: Hub, server: Server) -> tuple[Check, ...]:
    """Try the finished server, and give a line for each thing.

    Raises:
        UserFacingError: the database can't be asked at all.
    """
    return hub.check(server, read_password(machine, server))
