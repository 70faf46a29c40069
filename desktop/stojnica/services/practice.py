"""A whole practice organisation on one machine: database, keys, office, and a laptop that belongs to it."""

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import enrol
from stojnica.central.init import init
from stojnica.central.keys import PUBLIC_FILE, make_keys
from stojnica.central.publish import publish
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.i18n import gettext as _
from stojnica.services.sample import sample_document

PIN = "2468"
SERVER_FOLDER = "practice-server"
KEYS_FOLDER = "practice-keys"
DOCUMENT_FILE = "practice-organisation.json"
LAPTOP_NAME = "A"


@dataclass(frozen=True, slots=True)
class PracticeOffice:
    """Hold an office that runs on this machine for as long as its server does."""

    url: str
    keys_dir: Path
    branch_name: str


def server_of(home: Path) -> EmbeddedServer:
    """Give the practice home's own database server, not started."""
    # Practice data is worth nothing: a power cut may cost it, and starting is three times as fast.
    return EmbeddedServer(home / SERVER_FOLDER, settings={"fsync": "off"})


def set_up_office(home: Path, url: str, today: date) -> PracticeOffice:
    """Make schema and keys, and publish the sample organisation with its dates around today."""
    document = practice_document(today)
    name = str(document["organisation"]["name"])
    init(url, branch_name=name)
    keys_dir = home / KEYS_FOLDER
    if not (keys_dir / PUBLIC_FILE).exists():
        shutil.rmtree(keys_dir, ignore_errors=True)
        make_keys(keys_dir)
    file = home / DOCUMENT_FILE
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    publish(url, file=file, keys_dir=keys_dir)
    return PracticeOffice(url, keys_dir, name)


def practice_document(today: date) -> dict[str, Any]:
    """Give the sample as an office that has confirmed every wording would publish it."""
    document = sample_document(today)
    confirmed = [{**wording, "verify": False} for wording in document["wordings"]]
    return {**document, "wordings": confirmed}


def enrolment_for(office: PracticeOffice) -> tuple[bytes, str]:
    """Give the practice laptop's enrolment file, and its code."""
    made = enrol(office.url, name=LAPTOP_NAME, keys_dir=office.keys_dir)
    return made.data, made.code


def practice_event(today: date, project: str) -> Event:
    """Give an event that is on today."""
    return Event(
        event_id=new_id(),
        name=_("Practice stand"),
        code=f"vaja-{today:%m%d}",
        place="Breg",
        city="Ljubljana",
        starts=f"{today.isoformat()}T10:00",
        ends=f"{today.isoformat()}T18:00",
        goal_reached=169,
        project=project,
    )
