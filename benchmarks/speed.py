"""Seconds by room and peak memory of whole runs: ``python -m benchmarks.speed [--children 20000 200000]``."""

import argparse
import re
import tempfile
from pathlib import Path

from benchmarks.command import childindex


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, nargs="+", default=[20_000, 200_000])
    parser.add_argument("--jurisdiction", default="110000")
    parser.add_argument("--memory", default="4GiB")
    asked = parser.parse_args()
    print("| children | wall s | peak GiB | seconds by room |")
    print("|---|---|---|---|")
    for children in asked.children:
        with tempfile.TemporaryDirectory() as folder:
            keys, home, out = (Path(folder) / name for name in ("keys", "home", "county"))
            place = ("--jurisdiction", asked.jurisdiction)
            childindex("sample", *place, "--children", children, "--periods", "2026H1", "--out", out, keys=keys)
            run = ("run", "--home", home, "--inbox", out / "inbox", *place, "--period", "2026H1")
            timed = childindex(*run, "--threads", 2, "--memory", asked.memory, keys=keys)
            rooms = re.search(r"seconds: (.*)", timed.printed)
            said = rooms.group(1).strip() if rooms else ""
            print(f"| {children:,} | {timed.seconds:.1f} | {timed.peak_gib:.2f} | {said} |", flush=True)


if __name__ == "__main__":
    main()
