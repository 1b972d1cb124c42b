"""What the last period linked is evidence now: entries of one known child stay together unless this period objects."""

from __future__ import annotations

import duckdb

from matching import anchors, statement
from matching.model import Model


def write_carried_pairs(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the temporary ``carried_pair``: a star of profiles round the best profile of each child known earlier.

    Known earlier means: by the register as periods before this one left it, so that building a period again gives the
    same answer. In a first period nothing is known and nothing is computed.
    """
    known = con.execute("select count(*) from prior.known_anchor where earlier_child_id is not null").fetchall()[0][0]
    if not known:
        con.execute("create or replace temp table carried_pair (left_profile integer, right_profile integer)")
        return
    anchors.write(con)
    bounds = {"anchors_from": model.continuity.anchors_from, "ahead_by": model.continuity.ahead_by}
    statement.run(con, "link/carried_pair", bounds)
