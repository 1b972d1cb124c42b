"""How good a run estimates its links to be, for who reads the run's summary and the validation page."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True)
class LinkEstimate:
    """Estimated precision or recall of pairs of entries in one subgroup, as shares, with its 95 % interval.

    ``lost``: the share of true pairs that no blocking rule compared; 0 for precision.
    """

    dimension: str
    subgroup: str
    measure: str
    estimate: float
    low: float
    high: float
    lost: float


def read(con: duckdb.DuckDBPyConnection) -> tuple[LinkEstimate, ...]:
    """The rows of ``link.estimated_quality``: over all first, then by pair of tables, ethnic group, age, county."""
    rows = con.execute(
        "select dimension, subgroup, measure, estimate, low, high, lost_to_blocking / greatest(pairs, 1)"
        " from link.estimated_quality"
        " order by list_position(['all', 'tables', 'ethnic_group', 'age', 'county'], dimension),"
        " try_cast(split_part(subgroup, '-', 1) as integer), subgroup, measure"  # 3-5 years before 12-15
    ).fetchall()
    return tuple(LinkEstimate(*row) for row in rows)
