"""What the last period linked is evidence now: entries of one known child stay together unless this period objects."""

from __future__ import annotations

import duckdb
import numpy as np

from matching import statement
from matching.clusters.agglomeration import Pairs
from matching.model import Model
from matching.periods import anchors, last_release


def write_carried_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the temporary ``carried_pair``: a star of profiles round the best profile of each child known earlier.

    Known earlier means: by the register as periods before this one left it, so that building a period again gives the
    same answer. In a first period nothing is known and nothing is computed; where the last release is gone on from,
    :mod:`matching.children.kept_children` asks once it knows of whom.
    """
    known = con.execute("select count(*) from prior.known_anchor where earlier_child_id is not null").fetchall()[0][0]
    if not known or last_release.is_used(con):
        con.execute("create or replace temp table carried_pair (left_profile integer, right_profile integer)")
        return
    anchors.write(con)
    bounds = {"anchors_from": model.continuity.anchors_from, "ahead_by": model.continuity.ahead_by}
    con.execute("create or replace temp table carried_pair as " + statement.text("link/carried_pair"), bounds)


def pairs_of_facts(con: duckdb.DuckDBPyConnection, model: Model) -> Pairs:
    """The carried pairs that the facts in ``link.profile_anchor`` speak for, each worth what the model says."""
    bounds = {"anchors_from": model.continuity.anchors_from, "ahead_by": model.continuity.ahead_by}
    rows = con.execute(statement.text("link/carried_pair"), bounds).to_arrow_table()
    left, right = (rows.column(place).to_numpy().astype(np.int32) for place in range(2))
    return Pairs(left, right, np.full(len(left), model.continuity.worth))
