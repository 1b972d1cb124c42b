"""Pairs that the last release compared and nothing changed: their levels and first guards are taken over.

What a pair's levels and first guard hang on are the two profiles, the model version, and whether a crowd shares a
phone, an address or a guardian's name that they bear (``link.common_value``). The second look of guards sees other
pairs too and is taken anew, by :mod:`matching.scoring`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import crowds, key_lists, statement
from matching.comparison.coding import Coding, Compared
from matching.comparison.columns import Flags, Index, Ints, Levels
from matching.model import Model
from matching.periods import last_release

_PART = "part_of_linkage"


@dataclass(frozen=True, slots=True)
class KeptPairs:
    """Of each pair whether it is kept, and if so its code and the guard that first held it."""

    is_kept: Flags
    code: Ints
    first_guard: Levels


def find(con: duckdb.DuckDBPyConnection, model: Model, left: Index, right: Index) -> KeptPairs | None:
    """The pairs (left[i], right[i]), in order, that the last release holds as they would be now; None without one."""
    if not last_release.is_used(con):
        return None
    now = _settled(con, model)
    rows = con.execute(
        f"select left_profile, right_profile, pattern, first_guard from {last_release.CATALOG}.link.scored_pair"
    ).to_arrow_table()
    one, other, pattern, guard = (rows.column(place).to_numpy() for place in range(4))
    one, other = now[one], now[other]
    is_there = (one >= 0) & (
        one < other
    )  # a pair whose profiles changed their order is left out: guards ask who is left
    earlier = one[is_there].astype(np.int64) << 32 | other[is_there]
    pattern, guard = pattern[is_there], guard[is_there]
    if (earlier[1:] <= earlier[:-1]).any():
        order = np.argsort(earlier)
        earlier, pattern, guard = earlier[order], pattern[order], guard[order]
    wanted = left.astype(np.int64) << 32 | right
    place = np.minimum(np.searchsorted(earlier, wanted), max(len(earlier) - 1, 0))
    is_kept = earlier[place] == wanted if len(earlier) else np.zeros(len(wanted), dtype=bool)
    row = place[is_kept]
    code = np.zeros(len(wanted), dtype=np.int64)
    first_guard = np.zeros(len(wanted), dtype=np.int8)
    code[is_kept] = _pattern_codes(con, model)[pattern[row]]
    first_guard[is_kept] = guard[row]
    return KeptPairs(is_kept, code, first_guard)


@contextmanager
def part(
    con: duckdb.DuckDBPyConnection, profiles: npt.NDArray[np.int32], columns: Collection[str]
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to which ``link.profile`` is these profiles alone, sorted, numbered from 0, with these columns."""
    whole = con.execute("select current_database()").fetchall()[0][0]
    con.execute(f"attach ':memory:' as {_PART}")
    cursor = con.cursor()
    try:
        cursor.execute(f"use {_PART}")
        for schema in ("link", "std"):
            cursor.execute(f"create schema {schema}")
        chosen = {"part_id": np.arange(len(profiles), dtype=np.int32), "chosen_id": profiles}
        statement.keep(cursor, "table link.chosen", pa.table(chosen))
        cursor.execute(
            f"create table link.profile as select part_id as profile_id, {', '.join(sorted(columns))}"
            f' from "{whole}".link.profile as profile join link.chosen on chosen_id = profile_id order by part_id'
        )
        for table in ("link.common_value", "std.name"):
            cursor.execute(f'create view {table} as from "{whole}".{table}')
        yield cursor
    finally:
        cursor.close()
        con.execute(f"detach {_PART}")


def _settled(con: duckdb.DuckDBPyConnection, model: Model) -> Index:
    """By profile of the last release the one it is now; -1 where it is none.

    None are those of which a value became common, or generic, or ceased to be.
    """
    (size,) = con.execute(f"select count(*) from {last_release.CATALOG}.link.profile").fetchall()[0]
    rows = con.execute("select profile_id, earlier_id from link.kept_profile").to_arrow_table()
    now = np.full(size, -1, dtype=np.int32)
    now[rows.column(1).to_numpy()] = rows.column(0).to_numpy()
    is_restless = _is_restless(con, model)
    now[(now >= 0) & is_restless[now]] = -1
    return now


def _is_restless(con: duckdb.DuckDBPyConnection, model: Model) -> Flags:
    """By profile, whether a crowd began or ceased to share a value of it."""
    (size,) = con.execute("select count(*) from link.profile").fetchall()[0]
    found = np.zeros(size, dtype=bool)
    changed = con.execute(statement.text("link/changed_value"), {"generic": model.sharing.generic_from})
    rows = changed.to_arrow_table()
    if not rows.num_rows:
        return found
    kinds, values = rows.column("kind").to_numpy(), rows.column("value_key").to_numpy()
    for part, lists in crowds.read(con, "profile_id"):
        profile = part.column("profile_id").to_numpy()
        for kind, held in lists.items():
            is_changed = key_lists.among(np.sort(values[kinds == kind]), held.values)
            found[profile[held.rows[is_changed]]] = True
    return found


def _pattern_codes(con: duckdb.DuckDBPyConnection, model: Model) -> Ints:
    """By the last release's pattern, the code of its levels and rarity."""
    rows = con.execute(f"from {last_release.CATALOG}.link.pattern order by pattern").to_arrow_table()
    levels = {}
    for name, field in model.fields.items():
        known = {level: code for code, level in enumerate(field.level_names)}
        column = rows.column(name).combine_chunks().dictionary_encode()
        codes = np.array([known[level] for level in column.dictionary.to_pylist()], dtype=np.int8)
        levels[name] = codes[column.indices.to_numpy()]
    rarity = {name: rows.column(f"{name}_rarity").to_numpy() for name in model.rare_fields}
    return Coding(model.sizes, model.rare_fields).codes(Compared(levels, rarity))
