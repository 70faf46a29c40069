"""Run every benchmark beside this file and print its ratios; a missed aim fails nothing."""

import importlib
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from ratio import Note, Ratio, is_met  # noqa: E402 - the folder has to be on the path first


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"


def _line(ratio: Ratio | Note) -> str:
    if isinstance(ratio, Note):
        return f"    {ratio.text}"
    name = ratio.name if len(ratio.name) <= 52 else ratio.name[:51] + "…"
    mark = "" if is_met(ratio) else "  missed"
    return (
        f"{name:52} {_time(ratio.ours_s):>11} {_time(ratio.base_s):>11} {ratio.ratio:7.2f}  {ratio.aim}{mark}"
    )


def main(names: list[str]) -> int:
    print(f"{'benchmark':52} {'ours':>11} {'base':>11} {'ratio':>7}  aim", flush=True)
    for path in sorted(HERE.glob("bench_*.py")):
        if names and path.stem.removeprefix("bench_") not in names:
            continue
        try:
            for ratio in importlib.import_module(path.stem).run():
                print(_line(ratio), flush=True)
        except Exception as error:  # noqa: BLE001 - one that can't run here must not hide the others
            print(f"{path.stem}: could not run: {error}", flush=True)
            traceback.print_exc()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
