"""Periods linked one after another in files, as a warehouse does, each with the one before beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from matching import linkage, model
from tests.matching.standing import Decision, Entry, write_std

MODEL = model.load()
Rows = list[tuple[Any, ...]]
_COMPARED = (
    *(
        "entry_profile",
        "profile",
        "common_value",
        "candidate_pair",
        "scored_pair",
        "pattern",
        "cluster",
        "refused_pair",
    ),
    *("review_pair", "review_case", "shared_anchor", "trained_model", "level_weight", "value_frequency"),
)
"""Tables of ``link`` that name no child."""


@dataclass
class Register:
    """What earlier periods wrote of children: facts, ids merged away, ids issued and when."""

    anchors: dict[int, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    issued: dict[str, str] = field(default_factory=dict)

    def add(self, file: Path, period: str) -> None:
        """Take in what a period found."""
        with duckdb.connect(str(file), read_only=True) as con:
            self.anchors |= dict(con.execute("select anchor, child_id from link.anchor").fetchall())
            events = con.execute("select child_id, event, other_child_id from link.child_event").fetchall()
        self.issued |= {child: period for child, event, _ in events if event == "mint"}
        self.redirects |= {child: other for child, event, other in events if event == "merge"}
        for child, other in self.redirects.items():
            while other in self.redirects:
                other = self.redirects[other]
            self.redirects[child] = other


def link(
    file: Path,
    entries: list[Entry],
    register: Register,
    before: Path | None = None,
    decisions: tuple[Decision, ...] = (),
    full: bool = False,
) -> str:
    """Link a period into ``file``; ``before``: the last one's. Return which way it went."""
    with duckdb.connect(str(file)) as con:
        write_std(con, entries, decisions)
        if before is not None:
            con.execute(f"attach '{before}' as last_release (read_only)")
            for table in ("trained_model", "level_weight", "value_frequency"):
                con.execute(f"create or replace table prior.{table} as from last_release.link.{table}")
        _put(con, "prior.known_anchor", [(fact, child, 1, child) for fact, child in register.anchors.items()])
        _put(con, "prior.child_redirect", list(register.redirects.items()))
        con.execute("create or replace table prior.issued_child (child_id varchar, period varchar)")
        _put(con, "prior.issued_child", list(register.issued.items()))
        linkage.link(con, MODEL, file.stem, full=full)
        way = con.execute("select way from link.basis").fetchall()[0][0]
        if before is not None:
            con.execute("detach last_release")
        return str(way)


def outcome(file: Path, register: Register) -> dict[str, Rows]:
    """All that a linkage wrote, each new child named by its least entry instead of its random id."""
    with duckdb.connect(str(file), read_only=True) as con:
        found = {table: con.execute(f"from link.{table} order by all").fetchall() for table in _COMPARED}
        figures = con.execute("from link.quality where step <> 'basis' order by all").fetchall()
        held = con.execute("select child_id, min(entry_id) from link.entry_child group by child_id").fetchall()
        named = {child: child if child in register.issued else f"new {least}" for child, least in held}

        def of_children(query: str) -> Rows:
            rows = con.execute(query).fetchall()
            return sorted(tuple(str(named.get(value, value)) for value in row) for row in rows)

        children = {
            "entry_child": of_children("select entry_id, child_id, how, score from link.entry_child"),
            "child_event": of_children("select child_id, event, other_child_id, cause from link.child_event"),
            "anchor": of_children("select anchor, child_id from link.anchor"),
        }
    return found | children | {"quality": figures}


def _put(con: duckdb.DuckDBPyConnection, table: str, rows: Rows) -> None:
    if rows:
        con.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
