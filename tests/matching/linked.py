"""Tables of ``link`` written by hand: profiles, their clusters, and scores of pairs, everything else filled in."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from matching.model import PROFILE_KEYS


@dataclass(frozen=True)
class Profile:
    """One profile in a cluster; ``keys``: whether it has any key that rules use."""

    cluster: int
    source: str = "education.enrolment"
    citizen_no: str | None = None
    entries: int = 1
    keys: bool = True


Pair = tuple[int, int, float]
"""Places of two profiles and their score."""


def write_link(profiles: list[Profile], pairs: list[Pair], rules: int = 0b1111) -> duckdb.DuckDBPyConnection:
    """Make ``link.profile``, ``link.cluster`` and ``link.scored_pair``; ids are places in the list."""
    con = duckdb.connect()
    con.execute("create schema link")
    keys = ", ".join(f"{key} ubigint[]" for key in PROFILE_KEYS)
    con.execute(
        "create table link.profile (profile_id integer, entries integer, feed varchar, table_name varchar,"
        f" citizen_no varchar, embedded_no varchar, {keys})"
    )
    con.execute("create table link.cluster (profile_id integer, cluster_id integer)")
    con.execute(
        "create table link.scored_pair"
        " (left_profile integer, right_profile integer, rules uinteger, score double, worth double)"
    )
    for place, each in enumerate(profiles):
        held = [[1] if each.keys else []] * len(PROFILE_KEYS)
        row = [place, each.entries, *each.source.split("."), each.citizen_no, None, *held]
        con.execute(f"insert into link.profile values ({', '.join('?' * len(row))})", row)
        con.execute("insert into link.cluster values (?, ?)", [place, each.cluster])
    for left, right, score in pairs:
        con.execute("insert into link.scored_pair values (?, ?, ?, ?, 0)", [left, right, rules, score])
    return con
