"""From the words to the first answer of the store, against Argon2id alone with the same cost.

10,000 sign-ups lie in the store. What is read is what the window reads first: what holds at the stand now.
"""

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from full_store import fill
from ratio import Note, Ratio, time_of

from stojnica.bootstrap.stand import create_stand, unlock_stand
from stojnica.services.stand import stand_now
from stojnica.storage.slots import Argon2Cost

SIGNUPS = 10_000
ROUNDS = 9
WORDS = "jutro voda hiša most reka"


def ours(folder: Path, *, is_check_awaited: bool) -> tuple[float, float]:
    """Give the seconds until the store answers, and until its pages were looked through."""
    begun = perf_counter()
    stand = unlock_stand(folder, WORDS, is_check_awaited=is_check_awaited)
    stand.store.read(stand_now).result()
    answered = perf_counter() - begun
    stand.store.looked_through.result()
    whole = perf_counter() - begun
    stand.close()
    return answered, whole


def bare() -> float:
    cost = Argon2Cost()
    begun = perf_counter()
    Argon2id(
        salt=bytes(16),
        length=32,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    ).derive(WORDS.encode())
    return perf_counter() - begun


def run() -> list[Ratio | Note]:
    """Measure in turns, so that a busy moment meets both; give the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "home"
        stand = create_stand(folder, WORDS, is_practice=True)
        fill(stand.store, SIGNUPS)
        stand.close()
        ours(folder, is_check_awaited=False)
        turns = [(ours(folder, is_check_awaited=False), bare()) for _round in range(ROUNDS)]
    answered = median(mine for (mine, _whole), _base in turns)
    whole = median(whole for (_mine, whole), _base in turns)
    base = median(base for _ours, base in turns)
    return [
        time_of("unlock, 10,000 sign-ups : Argon2id alone", answered, base, 1.3),
        Note(f"all pages looked through after {whole * 1000:.0f} ms ({whole / base:.2f}); writing waits"),
    ]
