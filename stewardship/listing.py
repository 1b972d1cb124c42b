"""A list of children by place, state and what else it is filtered by: exact counts, and one page of it.

A statement of ``stewardship/sql`` makes the temporary table ``listed``; its column ``state`` and those of the facets
are what is counted and chosen by. Facets are lists of values, since a child may be in several groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from stewardship.casebook import Row, rows_of

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Described:
    """What a list is filtered and sorted by. ``facets``: of each filter, the expression that lists a row's values."""

    states: Sequence[str]
    facets: Mapping[str, str]
    order: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page. ``counts``: rows by state under the filters; ``choices``: by filter, values with their rows."""

    rows: Sequence[Row]
    counts: Mapping[str, int]
    choices: Mapping[str, Sequence[tuple[str, int]]]
    page: int
    pages: int


def read(
    con: duckdb.DuckDBPyConnection, described: Described, state: str, wanted: Mapping[str, str], page: int
) -> Listing:
    """One page of ``listed``, with the counts of the whole; ``wanted``: filters that restrict."""
    counted = dict(
        con.execute(f"select state, count(*) from listed {_where(described, wanted)} group by all", wanted).fetchall()
    )
    given = {**wanted, "state": state}
    choices = {}
    for name, values in described.facets.items():
        others = {key: value for key, value in wanted.items() if key != name}
        found = con.execute(
            f"select value, count(*) from (select unnest({values}) as value from listed "
            f"{_where(described, others, state=True)}) where value is not null group by all order by all",
            {**others, "state": state},
        )
        choices[name] = [(str(value), int(many)) for value, many in found.fetchall()]
    counts = {each: int(counted.get(each, 0)) for each in described.states}
    pages = max(1, -(-counts[state] // ROWS_A_PAGE))
    page = min(max(page, 1), pages)
    rows = rows_of(
        con,
        f"from listed {_where(described, wanted, state=True)} order by {described.order} "
        f"limit {ROWS_A_PAGE} offset {(page - 1) * ROWS_A_PAGE}",
        given,
    )
    return Listing(rows, counts, choices, page, pages)


def _where(described: Described, wanted: Mapping[str, str], *, state: bool = False) -> str:
    """Bound conditions; names are those of the code, never of a request."""
    asked = [f"list_contains({described.facets[name]}, ${name})" for name in wanted]
    asked += ["state = $state"] if state else []
    return f"where {' and '.join(asked)}" if asked else ""
