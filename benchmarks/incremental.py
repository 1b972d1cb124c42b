"""What a later period's linkage costs: ``python -m benchmarks.incremental [--children 20000] [--changed 50]``.

Links an invented county's half-year, then the next from the same register in two ways: from the last release, as a
monitoring run does, and every entry anew. The next half-year's entries are the first's with a value changed in every
entry of some children, some gone and some new. Processor and wall seconds of steps 2 to 8, in one process, each way
twice in turns and of each step the less: the first of all pays for what a process loads once. What the two ways wrote
is held against one another row for row, newly minted ids aside.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time

import duckdb

from benchmarks.command import childindex
from matching import linkage, model, statement
from warehouse.store import Warehouse

_PERIODS = ("2026H1", "2026H2")
_GONE, _NEW = 5, 5  # of a thousand children
_COMPARED = (
    *("entry_profile", "profile", "common_value", "candidate_pair", "scored_pair", "pattern", "cluster"),
    *("refused_pair", "review_pair", "review_case", "shared_anchor"),
)
_BY_CHILD = ("entry_child", "child_event", "anchor")
Seconds = dict[str, tuple[float, float]]


def main() -> None:
    """Print one row a step, then what was unchanged and whether the two ways agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=20_000)
    parser.add_argument("--jurisdiction", default="110000")
    parser.add_argument("--changed", type=int, default=50, help="of a thousand children")
    asked = parser.parse_args()
    with _second_period(asked.children, asked.jurisdiction, asked.changed) as con:
        gone_on = _seconds(con, full=False)
        basis = con.execute("select way, profiles, profiles - kept from link.basis").fetchall()[0]
        _hold(con)
        anew = _seconds(con, full=True)
        differences = _differences(con)
        gone_on = _least(gone_on, _seconds(con, full=False))
        anew = _least(anew, _seconds(con, full=True))
    print("| step | every entry anew, s | from the last release, s | share | wall, s | wall, s |")
    print("|---|---|---|---|---|---|")
    for step, (spent, wall) in {**anew, "all": _total(anew)}.items():
        mine, my_wall = gone_on.get(step, _total(gone_on))
        print(f"| {step} | {spent:.2f} | {mine:.2f} | {mine / spent:.0%} | {wall:.2f} | {my_wall:.2f} |")
    print(f"\n{basis[0]}: {basis[1]:,} profiles, {basis[2]:,} of them new or changed")
    print(f"rows that only one of the two ways wrote: {sum(differences.values())} {differences or ''}")


@contextmanager
def _second_period(children: int, jurisdiction: str, changed: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A second half-year begun after a published first, with its entries in ``std`` and the first beside it."""
    with tempfile.TemporaryDirectory() as folder:
        keys, home, out = (Path(folder) / name for name in ("keys", "home", "county"))
        place = ("--jurisdiction", jurisdiction)
        childindex("sample", *place, "--children", children, "--periods", _PERIODS[0], "--out", out, keys=keys)
        childindex("run", "--home", home, "--inbox", out / "inbox", *place, "--period", _PERIODS[0], keys=keys)
        with Warehouse(home, threads=2) as warehouse:
            warehouse.begin(_PERIODS[1])
            with warehouse.last_release() as hindrance:
                if hindrance:
                    raise RuntimeError(f"the first half-year can't be gone on from: {hindrance}")
                con = warehouse.cursor()
                _write_entries(con, changed)
                yield con


def _write_entries(con: duckdb.DuckDBPyConnection, changed: int) -> None:
    """Make ``std`` of the second half-year, from the first's."""
    con.execute(
        "create temp table later_child as"
        " select entry_id, min(entry_id) over (partition by child_id) * 7919 % 1000 as part"
        " from last_release.link.entry_child"
    )
    parts = {"changed": changed, "new": _NEW, "offset": 5 * 10**11}
    con.execute("create table std.name as from last_release.std.name")
    con.execute(statement.text("changed_entry", "benchmarks"), parts | {"gone": _GONE})
    con.execute(statement.text("changed_guardian", "benchmarks"), parts)
    con.execute("drop table later_child")


def _seconds(con: duckdb.DuckDBPyConnection, full: bool) -> Seconds:
    """Processor and wall seconds by step of one linkage."""
    spent: Seconds = {}
    begun = [(process_time(), perf_counter())]

    def done(step: str, _: object) -> None:
        begun.append((process_time(), perf_counter()))
        spent[step] = (begun[-1][0] - begun[-2][0], begun[-1][1] - begun[-2][1])

    linkage.link(con, model.load(), _PERIODS[1], done, full=full)
    return spent


def _least(one: Seconds, other: Seconds) -> Seconds:
    """Of each step the seconds of the run that took less of the processor."""
    return {step: min(spent, other[step]) for step, spent in one.items()}


def _total(seconds: Seconds) -> tuple[float, float]:
    return sum(spent for spent, _ in seconds.values()), sum(wall for _, wall in seconds.values())


def _hold(con: duckdb.DuckDBPyConnection) -> None:
    """Put what was linked aside."""
    for table in _COMPARED:
        con.execute(f"create temp table held_{table} as from link.{table}")
    for table in _BY_CHILD:
        con.execute(f"create temp table held_{table} as {_named(table)}")


def _differences(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """By table, how many rows were written one way only; nothing where there are none."""
    now = {table: f"from link.{table}" for table in _COMPARED} | {table: _named(table) for table in _BY_CHILD}
    found = {
        table: con.execute(
            f"select count(*) from ((({query}) except all (from held_{table}))"
            f" union all ((from held_{table}) except all ({query})))"
        ).fetchall()[0][0]
        for table, query in now.items()
    }
    return {table: int(many) for table, many in found.items() if many}


def _named(table: str) -> str:
    """The rows of a table with each child that was new named by its least entry."""
    return (
        "select coalesce(known.child_id, least_entry::varchar) as child, held.* exclude (child_id)"
        f" from link.{table} as held"
        " left join (select child_id, min(entry_id) as least_entry from link.entry_child group by child_id)"
        " using (child_id)"
        " left join (select distinct child_id from prior.issued_child) as known using (child_id)"
    )


if __name__ == "__main__":
    main()
