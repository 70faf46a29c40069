"""Run the sync machine for so many minutes, with a new seed each round; or one round, with a seed given."""

import random
import sys
import time
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).resolve().parents[2]),
    str(Path(__file__).resolve().parents[2] / "desktop"),
]

from hypothesis import HealthCheck, seed, settings  # noqa: E402 - the folders have to be on the path first
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402
from tests.sync.sync_machine import SyncMachine  # noqa: E402

ROUND = settings(
    max_examples=25,
    stateful_step_count=40,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def main(arguments: list[str]) -> int:
    """Print a line a round; the first failure ends it, with the steps that lead there and the seed."""
    minutes = float(arguments[0])
    only = int(arguments[1]) if len(arguments) > 1 else None
    begun, number = time.monotonic(), 0
    while number == 0 or (only is None and time.monotonic() - begun < minutes * 60):
        number += 1
        chosen = random.SystemRandom().getrandbits(32) if only is None else only
        steps, runs, at = SyncMachine.steps, SyncMachine.runs, time.monotonic()
        print(f"round {number}: seed {chosen} …", end=" ", flush=True)
        run_state_machine_as_test(seed(chosen)(SyncMachine), settings=ROUND)
        print(
            f"{SyncMachine.runs - runs} runs, {SyncMachine.steps - steps} steps,"
            f" {time.monotonic() - at:.0f} s",
            flush=True,
        )
    took = (time.monotonic() - begun) / 60
    print(f"{number} rounds, {SyncMachine.runs} runs, {SyncMachine.steps} steps in {took:.1f} minutes: sound")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
