"""What blocking may have lost, by capture and recapture: each group of rules is one attempt at catching an entry.

Rules that begin with the same kind of key (a name, say) fail together, so they are one group. Two estimates add up:

* of profiles that have evidence for several groups, how many no group caught is told by how many one and two did;
* a profile without evidence for any group could not be caught. It is as likely as others of its source to have mates.
  With evidence for few, as many groups as could have caught it speak, each as often as it does, for its being alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from matching import statement
from matching.model import Model

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Uncaught:
    """How many profiles in clusters with others were caught by ``once`` one group of rules, and by ``twice`` two."""

    once: int
    twice: int
    groups: int

    def rate(self, once: Floats, twice: Floats) -> Floats:
        """Uncaught profiles for each caught once: Chao's lower bound (1987), corrected for small counts."""
        rate: Floats = (self.groups - 1) / self.groups * np.maximum(once - 1, 0) / (2 * (twice + 1))
        return rate


def rule_groups(model: Model) -> dict[str, list[int]]:
    """Places of the rules that begin with one kind of key: ``name_keys`` and ``name_part_keys`` are both a name."""
    groups: dict[str, list[int]] = {}
    for place, rule in enumerate(model.blocking.rules):
        groups.setdefault(rule.keys[0].split("_")[0], []).append(place)
    return groups


def write_uncaught(con: duckdb.DuckDBPyConnection, model: Model) -> Uncaught:
    """Make ``caught_once`` (profile_id) and ``unseen`` (profile_id, p): profiles that no rule ever compared.

    ``p``: how likely such a profile has entries of its own elsewhere. Reads ``likely_pair`` and ``profile_source``.
    """
    statement.run(con, "estimated/caught")
    groups = rule_groups(model)
    caught = [f"(rules & {sum(1 << place for place in places)}::uinteger) <> 0" for places in groups.values()]
    times = " + ".join(f"({each})::integer" for each in caught)
    con.execute(f"create or replace temp table caught_once as select profile_id from caught where {times} = 1")
    once, twice = con.execute(
        f"select count(*) filter (times = 1), count(*) filter (times = 2) from (select {times} as times from caught)"
    ).fetchall()[0]
    _write_unseen(con, [_can(model, places) for places in groups.values()], caught)
    return Uncaught(once, twice, len(groups))


def _can(model: Model, places: list[int]) -> str:
    """SQL over ``link.profile``: whether a profile has the keys of any of these rules."""
    rules = (model.blocking.rules[place].keys for place in places)
    return "(" + " or ".join(" and ".join(f"len(coalesce({key}, [])) > 0" for key in keys) for keys in rules) + ")"


def _write_unseen(con: duckdb.DuckDBPyConnection, can: list[str], caught: list[str]) -> None:
    """Make ``unseen``; how often a group catches what it can is counted on the profiles that have mates."""
    able = ", ".join(f"{each} as can_{place}" for place, each in enumerate(can))
    con.execute(f"create or replace temp table able as select profile_id, {able} from link.profile")
    shares = ", ".join(
        f"count(*) filter (can_{place} and {each}) / greatest(count(*) filter (can_{place}), 1)"
        for place, each in enumerate(caught)
    )
    catches = con.execute(f"select {shares} from caught join able using (profile_id)").fetchall()[0]
    escapes = " * ".join(
        f"case when can_{place} then {1 - min(share, 1):.12f}::double else 1 end" for place, share in enumerate(catches)
    )
    con.execute(f"create or replace temp table escape as select profile_id, {escapes} as escapes from able")
    statement.run(con, "estimated/unseen")
    for table in ("able", "escape"):
        con.execute(f"drop table {table}")
