"""Print where our divisions table and another one disagree, by (code, year), as sets of successors.

    python -m policy.build.compare_divisions REFERENCE.csv [--since 2005] [--list] [--statistical FILE] [--same FILE]

Asked of both tables is one question: what became in year Y of the county code C that was held at the end of Y-1?
A code that lives on answers with itself, renamed or not, so a mere change of name is no difference. Exits 1 if
anything differs for the codes that ended since the given year; older ones are counted, and listed with ``--list``.
``--statistical`` takes a list of the statistics bureau's codes (``code,name,parent,kind``) and prints those that we
take for a place; ``--same`` takes tables named like ours (``ethnic_groups.csv``) and prints the rows that differ.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from policy.build.divisions import CODES
from policy.divisions import load

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One code that went elsewhere in the two tables. ``None``: the table doesn't hold the code in the year before."""

    code: str
    year: int
    name: str
    ours: frozenset[str] | None
    theirs: frozenset[str] | None

    def __str__(self) -> str:
        return f"{self.code}@{self.year} {self.name}: ours {_words(self.ours)}, reference {_words(self.theirs)}"


class Table:
    """A divisions table in the columns of ``policy/codes/divisions.csv``."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.by_code: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: int(row["valid_from"])):
            self.by_code[row["code"]].append(row)

    @classmethod
    def read(cls, path: Path) -> Table:
        """Read a CSV file."""
        with path.open(encoding="utf-8", newline="") as file:
            return cls(list(csv.DictReader(file)))

    def at(self, code: str, year: int) -> Row | None:
        """The record that holds the code on 31 December of the year."""
        for row in self.by_code.get(code, ()):
            if int(row["valid_from"]) <= year and (not row["valid_to"] or int(row["valid_to"]) > year):
                return row
        return None

    def ends(self) -> set[tuple[str, int]]:
        """County codes with the years in which they went elsewhere."""
        changed = {(row["code"], int(row["valid_to"])) for row in self.rows if _is_ended_county(row)}
        return {(code, year) for code, year in changed if self.became(code, year) != frozenset({code})}

    def became(self, code: str, year: int) -> frozenset[str] | None:
        """Codes that held the territory of ``code`` at the end of ``year``, None if ``code`` wasn't held before."""
        row = self.at(code, year - 1)
        if row is None or row["level"] != "county":
            return None
        if row["valid_to"] and int(row["valid_to"]) == year:
            return frozenset(row["successors"].split())
        return frozenset({code})


def differences(ours: Table, theirs: Table) -> list[Difference]:
    """Every (code, year) that ended in either table and became something else in the other, oldest first."""
    found = []
    for code, year in sorted(ours.ends() | theirs.ends(), key=lambda end: (end[1], end[0])):
        mine, other = ours.became(code, year), theirs.became(code, year)
        if mine != other:
            row = theirs.at(code, year - 1) or ours.at(code, year - 1)
            found.append(Difference(code, year, row["name"] if row else "", mine, other))
    return found


def current_differences(ours: Table, theirs: Table) -> list[str]:
    """County codes of the reference whose last record resolves to other codes of today in ours."""
    found = []
    for code, rows in sorted(theirs.by_code.items()):
        if rows[-1]["level"] != "county" or code not in ours.by_code:
            continue
        mine, other = (set(table.by_code[code][-1]["current"].split()) for table in (ours, theirs))
        if mine != other:
            found.append(f"{code} {rows[-1]['name']}: ours {_words(mine)}, reference {_words(other)}")
    return found


def transfers(table: Table) -> set[tuple[str, str]]:
    """Partial transfers as (from, ``to@year``)."""
    return {(row["code"], item) for row in table.rows for item in row["partial_transfers"].split()}


def statistical_differences(path: Path, on: date) -> list[str]:
    """Codes of the list that resolve to a county, or to another city or province than the list says."""
    found = []
    divisions = load()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = divisions.resolve(row["code"], on)
            if place.codes or row["parent"] not in {place.prefecture, place.province}:
                found.append(f"{row['code']} {row['name']} in {row['parent']}: {place}")
    return found


def row_differences(ours: Path, theirs: Path) -> list[str]:
    """Rows that only one of two small tables has, by the columns that both have."""
    tables = []
    for path in (ours, theirs):
        with path.open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    shared = [column for column in tables[0][0] if column in tables[1][0]]
    mine, other = ({tuple(row[column] for column in shared) for row in table} for table in tables)
    return [f"{'ours' if row in mine else 'reference'}: {','.join(row)}" for row in sorted(mine ^ other)]


def main() -> None:
    """Run the comparison from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--ours", type=Path, default=CODES / "divisions.csv")
    parser.add_argument("--since", type=int, default=2005)
    parser.add_argument("--list", action="store_true", help="list the older differences too")
    parser.add_argument("--statistical", type=Path)
    parser.add_argument("--same", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    ours, theirs = Table.read(args.ours), Table.read(args.reference)
    status = report(ours, theirs, args.since, args.list)
    if args.statistical:
        lines = statistical_differences(args.statistical, date.today())
        print(f"statistical codes that we take for a place: {len(lines)}", *lines, sep="\n  ")
    for path in args.same:
        lines = row_differences(CODES / path.name, path)
        print(f"{path.name}: {len(lines)} rows differ", *lines, sep="\n  ")
    sys.exit(status)


def report(ours: Table, theirs: Table, since: int, is_listing_old: bool) -> int:
    """Print the differences and counts; 1 if any code ended since the year differs, or today's codes do."""
    found = differences(ours, theirs)
    recent, older = [d for d in found if d.year >= since], [d for d in found if d.year < since]
    ends = theirs.ends()
    print(f"county codes ended since {since}: {sum(year >= since for _, year in ends)} in the reference")
    print(f"differences since {since}: {len(recent)}")
    for difference in recent:
        print(f"  {difference}")
    print(f"county codes ended before {since}: {sum(year < since for _, year in ends)} in the reference")
    print(f"differences before {since}: {len(older)}, by year {dict(sorted(Counter(d.year for d in older).items()))}")
    for difference in older if is_listing_old else ():
        print(f"  {difference}")
    today = {code for code, rows in ours.by_code.items() if not rows[-1]["valid_to"]}
    their_today = {code for code, rows in theirs.by_code.items() if not rows[-1]["valid_to"]}
    print(f"codes in force: {len(today)} here, {len(their_today)} there, differing {sorted(today ^ their_today)}")
    resolved = current_differences(ours, theirs)
    common = [code for code in theirs.by_code if code in ours.by_code]
    print(f"county codes held by both that resolve to other codes of today: {len(resolved)} of {len(common)}")
    for line in resolved if is_listing_old else ():
        print(f"  {line}")
    missing = sorted(code for code in theirs.by_code.keys() - ours.by_code.keys() if not code.endswith("00"))
    print(f"county codes only in the reference: {len(missing)}", *(missing if is_listing_old else ()))
    _report_transfers(transfers(ours), transfers(theirs), since)
    return int(bool(recent) or today != their_today)


def _report_transfers(ours: set[tuple[str, str]], theirs: set[tuple[str, str]], since: int) -> None:
    ours, theirs = ({(code, to) for code, to in table if int(to.split("@")[1]) >= since} for table in (ours, theirs))
    print(f"partial transfers since {since}: {len(ours)} here, {len(theirs)} there, {len(ours & theirs)} in both")


def _is_ended_county(row: Row) -> bool:
    return bool(row["valid_to"]) and row["level"] == "county"


def _words(codes: frozenset[str] | set[str] | None) -> str:
    if codes is None:
        return "(not held)"
    return "{" + ", ".join(sorted(codes)) + "}"


if __name__ == "__main__":
    main()
