"""Visitors at a stand, kept by the services of the program; run by itself, it can be killed."""

import sys
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.domain.tally import Press
from stojnica.services.capture import count, save_signup
from stojnica.storage.slots import Argon2Cost
from stojnica.storage.store import Store

NOON_US = 1_789_898_400_000_000  # 20 September 2026, 12.00 in Ljubljana
SAVED = "saved"
CHEAP = Argon2Cost(8, 1, 1)


def email_of(name: str) -> str:
    """Give the address of somebody with this name."""
    return f"{name.lower()}@example.org"


def sign_up(store: Store, event_id: UUID, names: Iterable[str], channel: str = "kiosk") -> None:
    """Keep a sign-up of each, and one that somebody was counted."""
    for name in names:
        save_signup(
            store,
            SignUp(name, email=email_of(name), question=f"Kdaj, {name}?", purposes=("answer",)),
            subject_id=new_id(),
            event_id=event_id,
            channel=channel,
            evidence=ConsentEvidence("screen", "sl", {}),
        ).result()
        press = Press("talk", 1, NOON_US, NOON_US, "Europe/Ljubljana", counts_as="conversation")
        count(store, press, event_id=event_id).result()


def main(home: str, words: str, event_id: str, *names: str) -> None:
    """Sign people up, say that they are saved, and wait for the plug to be pulled."""
    from stojnica.bootstrap.stand import unlock_stand

    stand = unlock_stand(Path(home), Path(words).read_text("utf-8"), cost=CHEAP)
    sign_up(stand.store, UUID(event_id), names)
    sys.stdout.write(f"{SAVED}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
