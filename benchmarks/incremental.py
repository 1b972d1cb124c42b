"""What a later period's linkage costs: ``python -m benchmarks.incremental [--children 20000]``.

Links an invented county's second half-year twice from the same register: by the model version in force, as a monitoring
run does, and as if no version and no earlier period were there. Processor seconds of steps 2 to 8, in one process.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time

import duckdb

from benchmarks.command import childindex
from matching import linkage, model, trained_model
from warehouse.store import Warehouse

_PERIODS = ("2026H1", "2026H2")


def main() -> None:
    """Print one row a step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--jurisdiction", default="110000")
    asked = parser.parse_args()
    with _second_period(asked.children, asked.jurisdiction) as con:
        later = _seconds(con)
        held = _clusters(con)
        for table in trained_model.TABLES:
            con.execute(f"delete from prior.{table}")
        con.execute("delete from prior.known_anchor")
        first = _seconds(con)
    print("| step | first period, s | later period, s | share |")
    print("|---|---|---|---|")
    for step, seconds in {**first, "all": sum(first.values())}.items():
        spent = later.get(step, sum(later.values()))
        print(f"| {step} | {seconds:.2f} | {spent:.2f} | {spent / seconds:.0%} |")
    print(f"\n{held:,} clusters in the later period")


@contextmanager
def _second_period(children: int, jurisdiction: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A published second half-year, opened again with what the first handed on."""
    with tempfile.TemporaryDirectory() as folder:
        keys, home, out = (Path(folder) / name for name in ("keys", "home", "county"))
        place = ("--jurisdiction", jurisdiction)
        childindex("sample", *place, "--children", children, "--periods", *_PERIODS, "--out", out, keys=keys)
        for period in _PERIODS:
            childindex("run", "--home", home, "--inbox", out / "inbox", *place, "--period", period, keys=keys)
        with Warehouse(home, threads=2) as warehouse:
            warehouse.resume(_PERIODS[1])
            yield warehouse.cursor()


def _seconds(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Processor seconds by step of one linkage."""
    spent: dict[str, float] = {}
    begun = [process_time()]

    def done(step: str, _: object) -> None:
        begun.append(process_time())
        spent[step] = begun[-1] - begun[-2]

    linkage.link(con, model.load(), _PERIODS[1], done)
    return spent


def _clusters(con: duckdb.DuckDBPyConnection) -> int:
    found = con.execute("select count(distinct cluster_id) from link.cluster").fetchall()
    return int(found[0][0])


if __name__ == "__main__":
    main()
