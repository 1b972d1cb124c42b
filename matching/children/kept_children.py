"""Children of whom nothing has changed: their clusters keep their ids, and nobody hashes their facts again.

A cluster is intact where it is one of the last release, of unchanged profiles. The facts of an intact cluster are those
that the register names its child by, so nothing speaks against its child but a fact that somebody else bears: new
entries, clusters that came apart or together, and facts that stood at several children. Those are looked for here; who
bears one is no longer left out. Facts are known by ``link.anchor`` and ``link.shared_anchor`` of the last release,
which must be the last build to have written in the register (``warehouse.prior`` sees to it).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching import statement
from matching.clusters import agglomeration, clustering, continuity
from matching.clusters.agglomeration import Clusters, Evidence, Pairs
from matching.clusters.clustering import Clustered
from matching.comparison.columns import Flags, Index
from matching.model import Model
from matching.periods import anchors, last_release
from matching.periods.last_release import CATALOG


@dataclass(frozen=True, slots=True)
class KeptChildren:
    """Clusters whose child is as in the last release, and their children; ``is_open``: profiles of all others.

    ``is_known``: whether an earlier period knew the child; where the last release is of this very period, of children
    of one entry alone, of which it matters.
    """

    clusters: Index
    children: pa.ChunkedArray
    is_known: Flags
    is_open: Flags


@dataclass(frozen=True, slots=True)
class _Then:
    """By profile, its place in the last release, -1 where not the same; by place there, cluster and its size."""

    earlier: Index
    cluster: Index
    size: npt.NDArray[np.int64]

    def intact(self, cluster: Index) -> Flags:
        """Profiles of clusters that are whole ones of the last release; ``cluster``: by profile, the least in it."""
        is_same = self.earlier >= 0
        of = np.where(is_same, self.cluster[self.earlier], -1)
        least = np.full(len(cluster), np.iinfo(np.int32).max, dtype=np.int32)
        most = np.full(len(cluster), -1, dtype=np.int32)
        np.minimum.at(least, cluster, of)
        np.maximum.at(most, cluster, of)
        many = np.bincount(cluster, minlength=len(cluster))
        whole = (least == most) & (least >= 0)
        whole[whole] = many[whole] == self.size[least[whole]]
        found: Flags = whole[cluster]
        return found


def write_clusters(con: duckdb.DuckDBPyConnection, model: Model) -> Clustered:
    """Make ``link.cluster`` and ``link.refused_pair`` as :func:`matching.clusters.clustering.write_clusters` does.

    What earlier periods held for one child comes last and joins whole clusters, so it is asked for only where a
    cluster isn't intact without it, or somebody new bears a fact of its child.
    """
    return clustering.write_clusters(con, model, partial(_cluster, con, model))


def find(con: duckdb.DuckDBPyConnection) -> KeptChildren:
    """The children that are as they were.

    ``link.profile_anchor`` then holds the facts of all others, and those that stood at several children.
    """
    then = _then(con)
    cluster = _column(con, "select cluster_id from link.cluster order by profile_id")
    is_open = ~then.intact(cluster)
    anchors.write_of(con, np.flatnonzero(is_open).astype(np.int32))
    _write_earlier_children_once(con)
    _write_intact(con, then, cluster, ~is_open)
    for step in ("stirred_cluster", "rival_cluster"):
        statement.keep(con, "temp table open_profile", pa.table({"profile_id": np.flatnonzero(is_open)}))
        opened = np.zeros(len(cluster), dtype=bool)
        opened[statement.read(con, f"link/{step}").column(0).to_numpy()] = True
        is_open |= opened[cluster]
        anchors.write_of(con, np.flatnonzero(is_open).astype(np.int32))
    kept = con.execute("select cluster_id, child_id from intact_cluster order by cluster_id").to_arrow_table()
    stays = ~is_open[kept.column(0).to_numpy()]
    kept = kept.filter(pa.array(stays))
    con.execute(
        "insert into link.profile_anchor select intact.profile_id, fact.weight, fact.anchor"
        f" from {CATALOG}.link.shared_anchor as fact join link.kept_profile as intact"
        " on intact.earlier_id = fact.profile_id and intact.tells_same"
    )
    for table in ("link.earlier_child", "intact_cluster", "intact_profile", "open_profile"):
        con.execute(f"drop table {table}")
    return KeptChildren(kept.column(0).to_numpy(), kept.column(1), _is_known(con, kept), is_open)


def _is_known(con: duckdb.DuckDBPyConnection, kept: pa.Table) -> Flags:
    """Whether an earlier period knew each child: one that the last release has did, unless that is this period's."""
    if not last_release.is_own(con):
        return np.ones(kept.num_rows, dtype=bool)
    carried = con.execute(f"select child_id from {CATALOG}.link.entry_child where how = 'carried'").to_arrow_table()
    found: Flags = pc.is_in(kept.column(1), carried.column(0).combine_chunks()).to_numpy(zero_copy_only=False)
    return found


def _cluster(
    con: duckdb.DuckDBPyConnection, model: Model, evidence: Evidence, carried: Pairs | None = None
) -> Clusters:
    """:func:`agglomeration.cluster`, first without what earlier periods held for one child, then with it."""
    found = agglomeration.cluster(evidence)
    if carried is None:
        return found
    _write_facts(con, found.cluster)
    pairs = continuity.pairs_of_facts(con, model)
    across = pairs.where(found.cluster[pairs.left] != found.cluster[pairs.right])
    return _with_carried(evidence, across, found) if len(across.left) else found


def _with_carried(evidence: Evidence, carried: Pairs, found: Clusters) -> Clusters:
    """Clusters with these carried pairs, of those found without: only components that hold one are made anew."""
    label = agglomeration.components_of(evidence, carried)
    is_in = np.isin(label, label[carried.left])
    members = np.flatnonzero(is_in).astype(np.int32)
    part = evidence.among(members)
    before = agglomeration.cluster(part)
    after = agglomeration.cluster(part, carried.among(members))
    cluster = found.cluster.copy()
    cluster[members] = members[after.cluster]
    refused = [pair for pair in found.refused if not is_in[pair[0]]]
    refused += [(int(members[one]), int(members[other]), why) for one, other, why in after.refused]
    constrained = found.constrained - before.constrained + after.constrained
    return Clusters(cluster, sorted(refused), constrained)


def _write_facts(con: duckdb.DuckDBPyConnection, cluster: Index) -> None:
    """Have in ``link.profile_anchor`` the facts of all that may be carried into another cluster."""
    then = _then(con)
    is_new = then.earlier < 0
    asked = ~then.intact(cluster)
    bears_shared = np.zeros(len(then.cluster), dtype=bool)
    bears_shared[_column(con, f"select distinct profile_id from {CATALOG}.link.shared_anchor")] = True
    asked[~is_new] |= bears_shared[then.earlier[~is_new]]
    anchors.write_of(con, np.flatnonzero(asked).astype(np.int32))
    _write_earlier_children_once(con)
    named = np.zeros(len(then.size), dtype=bool)
    named[statement.read(con, "link/named_cluster").column(0).to_numpy()] = True
    asked[~is_new] |= named[then.cluster[then.earlier[~is_new]]]
    anchors.write_of(con, np.flatnonzero(asked).astype(np.int32))


def _then(con: duckdb.DuckDBPyConnection) -> _Then:
    same = con.execute("select profile_id, earlier_id from link.kept_profile where tells_same").to_arrow_table()
    profiles = con.execute("select count(*) from link.profile").fetchall()[0][0]
    earlier = np.full(profiles, -1, dtype=np.int32)
    earlier[same.column(0).to_numpy()] = same.column(1).to_numpy()
    cluster = _column(con, f"select cluster_id from {CATALOG}.link.cluster order by profile_id")
    return _Then(earlier, cluster, np.bincount(cluster, minlength=len(cluster)))


def _write_earlier_children_once(con: duckdb.DuckDBPyConnection) -> None:
    """Have ``link.earlier_child``: one row a cluster of the last release, with its child. Gone before the release."""
    con.execute(
        "create table if not exists link.earlier_child as select cluster.cluster_id, child.child_id"
        f" from {CATALOG}.link.cluster as cluster"
        f" join {CATALOG}.link.profile as profile using (profile_id)"
        f" join {CATALOG}.link.entry_child as child using (entry_id)"
        " where cluster.profile_id = cluster.cluster_id"
    )


def _write_intact(con: duckdb.DuckDBPyConnection, then: _Then, cluster: Index, intact: Flags) -> None:
    """Make ``intact_profile`` and ``intact_cluster``, the latter with its child."""
    profiles = np.flatnonzero(intact).astype(np.int32)
    rows = {"earlier_id": then.earlier[profiles], "cluster_id": cluster[profiles]}
    statement.keep(con, "temp table intact_profile", pa.table(rows))
    least = profiles[cluster[profiles] == profiles]
    heads = {"cluster_id": least, "earlier_cluster": then.cluster[then.earlier[least]]}
    con.register("arrow_rows", pa.table(heads))
    con.execute(
        "create or replace temp table intact_cluster as select head.cluster_id, earlier_child.child_id"
        " from arrow_rows as head join link.earlier_child as earlier_child"
        " on earlier_child.cluster_id = head.earlier_cluster"
    )
    con.unregister("arrow_rows")


def _column(con: duckdb.DuckDBPyConnection, query: str) -> Index:
    found: Index = con.execute(query).to_arrow_table().column(0).to_numpy()
    return found
