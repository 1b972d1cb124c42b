"""The last release beside the one being made: what it linked needn't be linked again where nothing has changed.

Its file is attached as ``last_release`` while the linkage runs. Whether its rows may be taken over is decided once,
when the profiles are made, and kept in ``link.basis``: hashes must mean the same, the program and the model must be the
same, and most contents must be in both. What is taken over equals what would be made anew, row for row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable

import duckdb
import pyarrow as pa

from matching import quality_table, statement
from matching.model import Model

CATALOG = "last_release"
KEPT_AT_LEAST = 0.6
"""Share of profiles that must be in both: from 40 % of new ones on, a full linkage costs no more."""
_NEEDED = (
    *("basis", "profile", "common_value", "scored_pair", "pattern"),
    *("cluster", "entry_child", "anchor", "shared_anchor"),
)
_OF_THE_LINKAGE = ("kept_profile", "earlier_child")
_CALCULATING = ("duckdb", "numpy", "scipy", "rapidfuzz", "pypinyin", "opencc")
_FULL, _INCREMENTAL = "full", "incremental"
_OWN = "the deliveries are those that are published"


@dataclass(frozen=True, slots=True)
class Basis:
    """How a period is linked: ``full`` or ``incremental``, why, and how many of the profiles the last release holds."""

    way: str
    reason: str
    profiles: int
    kept: int


def choose(con: duckdb.DuckDBPyConnection, model: Model, asked: str | None = None) -> Basis:
    """Make ``link.basis`` and, where the last release will do, ``link.kept_profile``. ``asked``: why not, if not."""
    drop(con)
    profiles = int(con.execute("select count(*) from link.profile").fetchall()[0][0])
    reason = asked or hindrance(con, model)
    kept = 0
    if reason is None:
        statement.run(con, "link/kept_profile")
        kept = int(con.execute("select count(*) from link.kept_profile").fetchall()[0][0])
        if not kept or kept < KEPT_AT_LEAST * profiles:
            reason = "most entries are new or changed"
            con.execute("drop table link.kept_profile")
    way = _INCREMENTAL if reason is None else _FULL
    basis = Basis(way, reason or "most entries are as in the last release", profiles, kept)
    row = {"program": _program(model), "way": basis.way, "reason": basis.reason, "profiles": profiles, "kept": kept}
    types = [pa.string()] * 3 + [pa.int32()] * 2
    statement.keep(con, "table link.basis", pa.Table.from_pylist([row], pa.schema(list(zip(row, types, strict=True)))))
    figures = [
        (basis.way, basis.reason, 1.0),
        ("profiles", "all", float(profiles)),
        ("profiles", "unchanged", float(kept)),
    ]
    quality_table.replace(con, "basis", figures)
    return basis


def go_on(con: duckdb.DuckDBPyConnection) -> None:
    """Have ``link.basis`` say that a build goes on from what is published of its own period: all profiles are kept."""
    con.execute("update link.basis set way = ?, reason = ?, kept = profiles", [_INCREMENTAL, _OWN])
    rows = con.execute("select profiles from link.basis").fetchall()
    figures = [("profiles", item, float(many)) for (many,) in rows for item in ("all", "unchanged")]
    quality_table.replace(con, "basis", [(_INCREMENTAL, _OWN, 1.0), *figures])
    con.execute(
        "create or replace table link.kept_profile as"
        " select profile_id, profile_id as earlier_id, true as tells_same from link.profile"
    )


def is_own(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the last release is of the very period that is built."""
    return con.execute("select reason from link.basis").fetchall() == [(_OWN,)]


def is_used(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether this linkage takes over what the last release holds; no more once its children have their ids."""
    return statement.has_table(con, "link", "kept_profile") and _is_beside(con)


def drop(con: duckdb.DuckDBPyConnection) -> None:
    """Remove what only the linkage's own steps read."""
    for table in _OF_THE_LINKAGE:
        con.execute(f"drop table if exists link.{table}")


def hindrance(con: duckdb.DuckDBPyConnection, model: Model) -> str | None:
    """Why the last release's rows can't be taken over; None where they can."""
    if not _is_beside(con):
        return "there is no last release to go on from"
    if not all(statement.has_table(con, "link", table, CATALOG) for table in _NEEDED):
        return "the last release is of an earlier version of the program"
    then = con.execute(f"select program from {CATALOG}.link.basis").fetchall()
    if then != [(_program(model),)]:
        return "the program or its model file changed"
    versions = [
        con.execute(f"select version from {place}.trained_model").fetchall() for place in (f"{CATALOG}.link", "prior")
    ]
    return None if versions[0] == versions[1] else "another model version is in force"


def _is_beside(con: duckdb.DuckDBPyConnection) -> bool:
    found = con.execute("select count(*) from duckdb_databases() where database_name = ?", [CATALOG]).fetchall()
    return bool(found[0][0])


def _program(model: Model) -> str:
    """A digest of all that decides what the linkage makes of an entry: our files, the model, what calculates."""
    told = hashlib.sha256(model.model_dump_json().encode())
    told.update(_files_digest())
    return told.hexdigest()[:16]


@cache
def _files_digest() -> bytes:
    told = hashlib.sha256()
    for package in _CALCULATING:
        told.update(f"{package} {_version(package)}\n".encode())
    for name, file in sorted(_files(resources.files("matching"), "")):
        told.update(name.encode())
        told.update(file.read_bytes())
    return told.digest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "none"


def _files(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found = []
    for each in folder.iterdir():
        name = f"{path}/{each.name}"
        if each.is_dir():
            found += _files(each, name) if each.name != "__pycache__" else []
        else:
            found.append((name, each))
    return found
