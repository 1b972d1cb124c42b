"""Automatic links that people verify: a random sample of each band, and the bounds for judging their answers."""

from __future__ import annotations

import math
from functools import cache
from importlib import resources

import duckdb
import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field

from matching import statement
from matching.cases import decisions
from matching.cases.numbers import numbers

BANDS = ("number", "sure", "near")
"""Of automatic links: by a number of one's own, far above the threshold, near it."""
_ALL_UP_TO = 50_000
"""Profiles from which links are drawn without drawing profiles first."""
_DIGITS = 10  # of a link's number; a case's has nine


class Verification(BaseModel):
    """``verification.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    drawn: int = Field(gt=0)
    sure_from: float
    acceptable: float = Field(gt=0, lt=1)
    limit: float = Field(gt=0, lt=1)
    risk: float = Field(gt=0, lt=0.5)
    reason: str


@cache
def load() -> Verification:
    """Read it once."""
    text = (resources.files("matching.cases") / "verification.yml").read_text(encoding="utf-8")
    return Verification.model_validate(yaml.safe_load(text))


def write_sample(con: duckdb.DuckDBPyConnection, period: str, secret: str = "") -> int:
    """Make ``link.link_sample``; return how many links were drawn.

    The same for the same links: which are drawn hangs on the period and the entries' natural keys. ``secret`` as in
    :func:`matching.cases.numbers.numbers`.
    """
    same, _ = decisions.decided_pairs(con)
    decisions.keep_pairs(con, "decided", same)
    (profiles,) = con.execute("select count(*) from link.profile").fetchall()[0]
    bounds: dict[str, statement.Value] = {
        "period": period,
        "drawn": load().drawn,
        "sure_from": load().sure_from,
        "part": int((2**64 - 1) / max(1.0, math.sqrt(profiles / _ALL_UP_TO))) - 1,
    }
    statement.run(con, "link/link_sample", bounds)
    con.execute("drop table decided")
    keyed = con.execute("select keys from drawn_link order by left_profile, right_profile").to_arrow_table()
    found = numbers([[" ".join(keys)] for keys in keyed.column("keys").to_pylist()], secret, _DIGITS)
    places = con.execute("select left_profile, right_profile from drawn_link order by all").to_arrow_table()
    statement.keep(con, "temp table numbered", places.append_column("case_id", pa.array(found, pa.int64())))
    con.execute(
        "create or replace table link.link_sample as select numbered.case_id, drawn.* exclude (keys)"
        " from drawn_link as drawn join numbered using (left_profile, right_profile) order by case_id"
    )
    for table in ("drawn_link", "numbered"):
        con.execute(f"drop table {table}")
    return len(found)
