"""A delivery's figures, kept so that the next period's delivery can be held against them.

Only counts: of a column of code words the known words are counted, and whatever else stands there is one figure, so
that a profile can't carry a name that slipped into the wrong column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from connectors.specs import FeedSpec
from quality.expectations import quoted

if TYPE_CHECKING:
    import duckdb

ROWS = "rows"  # rows landed; no subject
FILLED = "filled"  # subject: column
COUNTY_FILE = "county_file"  # rows by the county that the file is named after; subject: its code, or the file's name
COUNTY = "county"  # rows by county of residence, else of hukou; subject: six digits as delivered
WORD = "word:"  # + column; subject: our word, or empty for filled cells that hold no word of the spec
FAULT = "fault:"  # + column; subject: fault


class ProfileRow(NamedTuple):
    """One figure of one delivered table: a row of the store's ``table_profile``."""

    feed: str
    table_name: str
    measure: str
    subject: str
    figure: float


@dataclass(frozen=True, slots=True)
class ProfiledColumn:
    """A column to count. ``words``: delivered word to ours, as the feed spec says; empty for other columns."""

    name: str
    words: tuple[tuple[str, str], ...] = ()


def profile(
    con: duckdb.DuckDBPyConnection,
    feed: str,
    table: str,
    columns: Sequence[ProfiledColumn],
    file_per_county: bool = False,
) -> list[ProfileRow]:
    """Figures of ``raw.<feed>_<table>``: rows, filled cells, words, rows by county; in one scan and one grouping."""
    source = f"raw.{quoted(f'{feed}_{table}')}"
    counts = ", ".join(["count(*)", *(f"count(*) filter ({_is_filled(column.name)})" for column in columns)])
    rows, *filled = con.execute(f"select {counts} from {source}").fetchall()[0]
    found = [(ROWS, "", rows)]
    found += [(FILLED, column.name, figure) for column, figure in zip(columns, filled, strict=True)]
    for column, figure in zip(columns, filled, strict=True):
        if column.words:
            known = _count_words(con, source, column)
            unknown = figure - sum(count for _, _, count in known)
            found += [*known, (WORD + column.name, "", unknown)]
    names = [column.name for column in columns]
    found += _count_counties(con, source, names)
    if file_per_county:
        found += _count_county_files(con, feed, table)
    return [ProfileRow(feed, table, measure, subject, float(figure)) for measure, subject, figure in found]


def profile_delivery(con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> list[ProfileRow]:
    """Figures of the raw table of a feed spec, see :func:`profile`."""
    columns = [ProfiledColumn(name, tuple(column.words.items())) for name, column in spec.columns.items()]
    return profile(con, spec.feed, spec.table, columns, spec.source.files_per == "county")


def profile_faults(con: duckdb.DuckDBPyConnection) -> list[ProfileRow]:
    """Entries with each fault of each column, over all feeds, out of ``std.fault``; never the value at fault."""
    found = con.execute(
        "select entry.feed, entry.table_name, fault.column_name, fault.fault, count(distinct entry_id) "
        "from std.fault as fault join std.entry as entry using (entry_id) "
        "group by all order by all"
    ).fetchall()
    return [ProfileRow(feed, table, FAULT + column, fault, float(count)) for feed, table, column, fault, count in found]


def figures_of(rows: Iterable[ProfileRow], measure: str) -> dict[str, float]:
    """Figures of one measure by subject."""
    return {row.subject: row.figure for row in rows if row.measure == measure}


def _is_filled(column: str) -> str:
    """True of a cell that holds more than blanks (the second is the full-width one), null or false of others.

    Most cells begin with no blank, which two comparisons of bytes tell; trimming every cell would take ten times as
    long. ``、`` is the next character after the full-width blank.
    """
    cell = quoted(column)
    plain = f"{cell} >= '!' and ({cell} < '\u3000' or {cell} >= '、')"
    return f"case when {plain} then true else trim({cell}, ' \u3000\t') <> '' end"


def _count_words(con: duckdb.DuckDBPyConnection, source: str, column: ProfiledColumn) -> list[tuple[str, str, int]]:
    # grouped first: a column of words holds few
    counted = con.execute(
        f"with cell as (select {quoted(column.name)} as text, count(*) as rows from {source} group by all), "
        "known as (select unnest($delivered) as text, unnest($ours) as word) "
        "select known.word, sum(cell.rows) from cell join known on known.text = trim(cell.text, ' \u3000\t') "
        "group by all order by all",
        {"delivered": [word for word, _ in column.words], "ours": [ours for _, ours in column.words]},
    ).fetchall()
    return [(WORD + column.name, word, count) for word, count in counted]


def _count_counties(con: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str]) -> list[tuple[str, str, int]]:
    codes = ("residence_division_code", "insured_division_code", "hukou_division_code")
    code = next((name for name in codes if name in columns), None)
    if code is None:
        return []
    counted = con.execute(
        f"select left({quoted(code)}, 6) as county, count(*) from {source} "
        "group by all having regexp_full_match(county, '[0-9]{6}') order by all"
    ).fetchall()
    return [(COUNTY, county, count) for county, count in counted]


def _count_county_files(con: duckdb.DuckDBPyConnection, feed: str, table: str) -> list[tuple[str, str, int]]:
    """Rows by file of a table that comes in one file a county, the county read out of the file's name."""
    counted = con.execute(
        "select coalesce(nullif(regexp_extract(file, '([0-9]{6})', 1), ''), file) as county, sum(rows)::bigint "
        "from raw.file where feed = ? and table_name = ? group by all order by all",
        [feed, table],
    ).fetchall()
    return [(COUNTY_FILE, county, count) for county, count in counted]
