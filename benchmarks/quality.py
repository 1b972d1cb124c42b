"""Linkage and status against the truth of invented counties: three jurisdictions, two seeds, two half-years.

python -m benchmarks.quality [--children 20000] [--faults 1.0]
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.command import childindex
from benchmarks.grid import kept_ids

JURISDICTIONS = ("429006", "110000", "540000")
SEEDS = (1, 2)
PERIODS = ("2026H1", "2026H2")
_HEADINGS = (
    *("jurisdiction", "seed", "period", "F1 pairs", "precision", "recall", "F1 exact", "siblings merged", "children"),
    *("cases", "migrant precision", "migrant recall", "same id"),
)


def main() -> None:
    """Print one row a jurisdiction, seed and period."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--faults", type=float, default=1.0)
    parser.add_argument("--jurisdictions", nargs="+", default=JURISDICTIONS)
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    asked = parser.parse_args()
    print("| " + " | ".join(_HEADINGS) + " |")
    print("|" + "---|" * len(_HEADINGS))
    for jurisdiction in asked.jurisdictions:
        for seed in asked.seeds:
            with tempfile.TemporaryDirectory() as folder:
                for row in measure(Path(folder), jurisdiction, seed, asked.children, asked.faults):
                    print("| " + " | ".join(row) + " |", flush=True)


def measure(folder: Path, jurisdiction: str, seed: int, children: int, faults: float) -> list[list[str]]:
    """Invent one county, run both half-years, evaluate each; cells of one row a period."""
    keys, home, out = folder / "keys", folder / "home", folder / "county"
    invented = (
        "--jurisdiction",
        jurisdiction,
        "--children",
        children,
        "--seed",
        seed,
        "--faults",
        faults,
        "--out",
        out,
    )
    childindex("sample", *invented, "--periods", *PERIODS, keys=keys)
    rows = []
    for period in PERIODS:
        childindex(
            *("run", "--home", home, "--inbox", out / "inbox", "--jurisdiction", jurisdiction, "--period", period),
            keys=keys,
        )
        asked = ("--home", home, "--period", period)
        said = json.loads(childindex("evaluate", *asked, "--truth", out / "truth", "--json", keys=keys).printed)
        childindex("export", "links", *asked, "--out", folder / f"links_{period}.parquet", keys=keys)
        kept = f"{kept_ids(folder, out / 'truth')['kept'].value:.5f}" if period == PERIODS[1] else ""
        rows.append(_row(jurisdiction, seed, period, said, kept, _cases(home, period)))
    return rows


def _row(jurisdiction: str, seed: int, period: str, said: dict[str, Any], kept: str, cases: int) -> list[str]:
    links, status = said["links"], said["status"]
    shares = (_share(links["pairs"][name]) for name in ("precision", "recall"))
    return [
        *(jurisdiction, str(seed), period, f"{said['f1']['pairs']:.5f}", *shares, f"{said['f1']['exact']:.4f}"),
        *(str(links["siblings"]), f"{links['children']:,}", str(cases)),
        *(f"{status['precision']:.4f}", f"{status['recall']:.4f}", kept),
    ]


def _share(of: dict[str, Any]) -> str:
    return f"{of['right'] / of['of'] if of['of'] else 1:.5f}"


def _cases(home: Path, period: str) -> int:
    release = json.loads((home / "published" / "release.json").read_text())
    return int(release["periods"][period]["counts"]["cases"])


if __name__ == "__main__":
    main()
