"""Facts of clusters that tell which child each is in another period: ``link.anchor`` and ``link.shared_anchor``.

An anchor that stands at two clusters tells them apart no more: it is left out of the one and put into the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching import statement
from matching.children.kept_children import KeptChildren
from matching.comparison.columns import Index, Keys
from matching.periods import anchors, last_release

_AT_ONCE = 8_000_000
"""Facts that are looked at together: those of a range of hashes, so that all that share one are among them."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Facts of one cluster each, in the order of the facts, and how much each says."""

    cluster: Index
    weight: npt.NDArray[np.int32]
    anchor: Keys

    def table(self) -> pa.Table:
        """The same, a row a fact."""
        return pa.table({"cluster_id": self.cluster, "weight": self.weight, "anchor": self.anchor})


def find(con: duckdb.DuckDBPyConnection, cluster: Index, kept: KeptChildren | None) -> Anchors:
    """The facts of the clusters there are; ``cluster``: by profile. Makes ``link.shared_anchor``.

    Of ``kept`` children no facts are looked at, but for those that stand at others too.
    """
    anchors.write_once(con)
    con.execute("create or replace table link.shared_anchor (anchor ubigint, profile_id integer, weight tinyint)")
    many = con.execute("select count(*) from link.profile_anchor").fetchall()[0][0]
    bounds = np.linspace(0.0, 2.0**64, many // _AT_ONCE + 2)
    found = [_of_range(con, cluster, kept, int(first), int(end)) for first, end in pairwise(bounds)]
    anchors.drop(con)
    columns = zip(*((each.cluster, each.weight, each.anchor) for each in found), strict=True)
    return Anchors(*(np.concatenate(parts) for parts in columns))


def _of_range(
    con: duckdb.DuckDBPyConnection, cluster: Index, kept: KeptChildren | None, first: int, end: int
) -> Anchors:
    """The facts whose hashes lie in a range."""
    held = con.execute(
        "select profile_id, weight, anchor from link.profile_anchor where anchor between ? and ?", [first, end - 1]
    ).to_arrow_table()
    anchor = held.column("anchor").to_numpy()
    order = np.argsort(anchor)
    anchor = anchor[order]
    start = np.flatnonzero(np.append(True, anchor[1:] != anchor[:-1])) if len(anchor) else order
    of_cluster = cluster[held.column("profile_id").to_numpy()[order]]
    weight = held.column("weight").to_numpy()[order]
    least = np.minimum.reduceat(of_cluster, start) if len(start) else of_cluster
    alone = least == np.maximum.reduceat(of_cluster, start) if len(start) else least == least
    _add_shared(con, held.take(pa.array(order[~np.repeat(alone, np.diff(start, append=len(anchor)))])))
    if kept is not None:
        alone &= kept.is_open[least]
    weight = np.maximum.reduceat(weight, start) if len(start) else weight
    return Anchors(least[alone], weight[alone].astype(np.int32), anchor[start][alone])


def write(
    con: duckdb.DuckDBPyConnection, found: Anchors, clusters: Index, children: pa.Array, kept: KeptChildren | None
) -> None:
    """Make ``link.anchor``. ``children``: the child of each of ``clusters``, which rise."""
    place_of = np.zeros(int(clusters.max(initial=-1)) + 1, dtype=np.int32)
    place_of[clusters] = np.arange(len(clusters), dtype=np.int32)

    def rows(part: slice) -> statement.Columns:
        return {"anchor": found.anchor[part], "child_id": children.take(pa.array(place_of[found.cluster[part]]))}

    con.execute(
        "create or replace table link.anchor (anchor ubigint using compression uncompressed,"
        " child_id varchar using compression uncompressed)"
    )
    statement.add_parts(con, "link.anchor", len(found.anchor), rows)
    if kept is not None:
        _keep(con, kept)


def _add_shared(con: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    """Add to ``link.shared_anchor``."""
    con.register("arrow_rows", rows)
    con.execute(
        "insert into link.shared_anchor"
        " select anchor, profile_id, max(weight) as weight from arrow_rows group by all order by all"
    )
    con.unregister("arrow_rows")


def _keep(con: duckdb.DuckDBPyConnection, kept: KeptChildren) -> None:
    """Add the anchors of the kept children to ``link.anchor``."""
    con.register("arrow_rows", pa.table({"child_id": kept.children}))
    con.execute(
        "create or replace temp table changed_child as select distinct child_id"
        f" from {last_release.CATALOG}.link.entry_child anti join arrow_rows using (child_id)"
    )
    con.unregister("arrow_rows")
    con.execute(
        "insert into link.anchor select anchor, child_id"
        f" from {last_release.CATALOG}.link.anchor anti join changed_child using (child_id)"
    )
    con.execute("drop table changed_child")
