"""Columns whose contents are exchanged, or are not what their header says: noticed from what the values look like.

Faulty values never refuse a delivery, at whatever rate. Only where two columns plainly hold each other's contents is
the header wrong, and a required column, in truth, absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import duckdb

from connectors import shapes
from connectors.errors import ColumnsSwapped
from connectors.specs import FeedSpec

_SAMPLE = 2_000  # rows a file, chosen by content and so the same whatever the rows' order
_VALUES_AT_LEAST = 8
_MOST = 0.9


def check(con: duckdb.DuckDBPyConnection, spec: FeedSpec) -> list[str]:
    """Look at each file's values in the landed table; return warnings, raise ColumnsSwapped."""
    names = [name for name, column in spec.columns.items() if shapes.tells_apart(column)]
    listed = ", ".join('"' + name + '"' for name in names)
    found = con.execute(
        f"""with sampled as (
            select entry_id from raw."{spec.raw_table}"
            qualify row_number() over (partition by file order by entry_id) <= {_SAMPLE}
        )
        select file, {listed} from raw."{spec.raw_table}" semi join sampled using (entry_id) order by file, entry_id"""
    )
    warnings = []
    for file, rows in groupby(found.fetchall(), key=itemgetter(0)):
        _, *columns = zip(*rows, strict=True)
        filled = {n: [v for v in values if v] for n, values in zip(names, columns, strict=True)}
        warnings += _of_file(spec, str(file), filled)
    return warnings


def _of_file(spec: FeedSpec, file: str, columns: dict[str, list[str]]) -> list[str]:
    warnings = []
    for name, values in columns.items():
        if not _is_misplaced(spec, name, values):
            continue
        where = f"{spec.feed}.{spec.table}/{file}"
        title = spec.columns[name].sources[0]
        partner = _partner(spec, name, columns)
        if partner is not None and (spec.columns[name].required or spec.columns[partner].required):
            raise ColumnsSwapped(where, title, spec.columns[partner].sources[0])
        warnings.append(
            f"{file}：“{title}”列的内容绝大多数不像{spec.columns[name].title}，请核对表头 / "
            f"column {title}: nearly no value looks like its kind ({spec.columns[name].type}); check the header"
        )
    return warnings


def _partner(spec: FeedSpec, name: str, columns: dict[str, list[str]]) -> str | None:
    """The column that holds what ``name`` should and fits into its place, as badly placed itself."""
    for other, values in columns.items():
        if not _is_misplaced(spec, other, values):
            continue
        if _share(spec, name, values) >= _MOST and _share(spec, other, columns[name]) >= _MOST:
            return other
    return None


def _is_misplaced(spec: FeedSpec, name: str, values: Sequence[str]) -> bool:
    """Whether nearly no value looks like the column's kind; of a sound column, the first few values say no."""
    fits, fitting = shapes.of(spec.columns[name]), 0
    for value in values:
        fitting += fits(value)
        if fitting / len(values) > 1 - _MOST:
            return False
    return len(values) >= _VALUES_AT_LEAST


def _share(spec: FeedSpec, name: str, values: Sequence[str]) -> float:
    """The share of values that look like the column's kind."""
    fits = shapes.of(spec.columns[name])
    return sum(map(fits, values)) / len(values)
