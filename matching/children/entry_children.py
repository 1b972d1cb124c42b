"""Which child each entry is about, and what says so: ``link.entry_child``, worked out a profile at a time.

``how``: ``steward`` where a person joined it; ``number`` where a number is in common with another of the child's
entries; ``score`` where other evidence joins it; ``carried`` where it is known from an earlier period, and nothing of
this one joins it; ``alone`` where it is the only entry. ``score``: the best log2 odds that join the entry's profile to
another of its cluster; null where there are none.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from matching import statement
from matching.cases import decisions
from matching.comparison.columns import Flags, Floats, Index, Levels

_HOWS = ("alone", "carried", "number", "steward", "score")


def write(con: duckdb.DuckDBPyConnection, clusters: pa.Table) -> None:
    """Make ``link.entry_child``. ``clusters``: ``cluster_id``, ``child_id`` and ``is_known`` to an earlier period."""
    rows = con.execute(
        "select cluster_id, entries from link.cluster join link.profile using (profile_id) order by profile_id"
    ).to_arrow_table()
    cluster, entries = (rows.column(place).to_numpy() for place in range(2))
    row_of = np.zeros(len(cluster), dtype=np.int32)
    row_of[clusters.column("cluster_id").to_numpy()] = np.arange(clusters.num_rows, dtype=np.int32)
    row = row_of[cluster]
    is_known = clusters.column("is_known").to_numpy()
    score, has_number = _evidence(con, cluster)
    how = _how(con, cluster, entries, is_known[row], np.isfinite(score), has_number)
    held = con.execute("select entry_id, profile_id from link.entry_profile order by entry_id").to_arrow_table()
    entry, profile = (held.column(place).to_numpy() for place in range(2))
    ids = clusters.column("child_id").combine_chunks()

    def rows_of(part: slice) -> statement.Columns:
        which = profile[part]
        best = score[which]
        return {
            "entry_id": entry[part],
            "child_id": ids.take(pa.array(row[which])),
            "how": pa.DictionaryArray.from_arrays(pa.array(how[which]), pa.array(_HOWS)),
            "score": pa.array(best, mask=~np.isfinite(best)),
        }

    con.execute(  # random ids don't get smaller, and seeking to make them so took four fifths of the time
        "create or replace table link.entry_child"
        " (entry_id bigint, child_id varchar using compression uncompressed, how varchar, score double)"
    )
    statement.add_parts(con, "link.entry_child", len(entry), rows_of)


def _evidence(con: duckdb.DuckDBPyConnection, cluster: Index) -> tuple[Floats, Flags]:
    """By profile the best score of its links in the cluster, minus infinity without any; whether one has a number."""
    is_number = con.execute(
        "select coalesce(number in ('equal', 'unverified_equal') or own_number = 'equal', false)"
        " from link.pattern order by pattern"
    ).to_arrow_table()
    rows = con.execute(
        "select left_profile, right_profile, pattern, score from link.scored_pair where band = 'link'"
    ).to_arrow_table()
    left, right, pattern, score = (rows.column(place).to_numpy() for place in range(4))
    inside = cluster[left] == cluster[right]
    by_number = is_number.column(0).to_numpy(zero_copy_only=False).astype(bool)[pattern] & inside
    best, has_number = np.full(len(cluster), -np.inf), np.zeros(len(cluster), dtype=bool)
    for side in (left, right):
        np.maximum.at(best, side[inside], score[inside])
        has_number[side[by_number]] = True
    return best, has_number


def _how(
    con: duckdb.DuckDBPyConnection, cluster: Index, entries: Index, is_known: Flags, has_links: Flags, has_number: Flags
) -> Levels:
    """By profile, a place in ``_HOWS``."""
    size = len(cluster)
    entries_in = np.bincount(cluster, weights=entries, minlength=size)[cluster]
    profiles_in = np.bincount(cluster, minlength=size)[cluster]
    judged = np.zeros(size, dtype=bool)
    judged[[profile for pair in decisions.decided_pairs(con)[0] for profile in pair]] = True
    conditions = {
        "carried": (entries_in == 1) & is_known,
        "alone": entries_in == 1,
        "number": has_number,
        "steward": judged & ~has_links,
    }
    chosen = np.select(
        [*conditions.values(), (profiles_in > 1) & ~has_links],
        [*(_HOWS.index(how) for how in conditions), _HOWS.index("carried")],
        _HOWS.index("score"),
    )
    found: Levels = chosen.astype(np.int8)
    return found
