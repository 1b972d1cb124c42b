"""The only statements that open a restricted file. Encryption at rest goes in here: httpfs, and a key in ATTACH."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

CATALOG = "building"


@dataclass(frozen=True, slots=True)
class Engine:
    """What DuckDB may use of the machine: threads, and memory as DuckDB writes it (`4GB`)."""

    threads: int = 2
    memory_limit: str = "4GB"


def connect(engine: Engine, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open an empty DuckDB in memory, which never looks for extensions on the network and spills inside HOME."""
    return duckdb.connect(
        ":memory:",
        config={
            "threads": engine.threads,
            "memory_limit": engine.memory_limit,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",  # else SQL may read whatever Python variable has a table's name
            "checkpoint_threshold": "256MB",
            # else a checkpoint writes a table anew to merge its threads' last row groups: twice the work of each table
            "max_vacuum_tasks": 0,
        },
    )


def attach(con: duckdb.DuckDBPyConnection, file: Path, name: str, *, read_only: bool) -> None:
    """Attach a restricted file under a catalog name. A new file is readable by this user alone."""
    if not read_only and not file.exists():
        umask = os.umask(0o077)
        try:
            con.execute(_attach(file, name, read_only=False))
        finally:
            os.umask(umask)
    else:
        con.execute(_attach(file, name, read_only=read_only))


def _attach(file: Path, name: str, *, read_only: bool) -> str:
    """ATTACH takes no bound path; the quoting here is the whole of it."""
    return f"attach {text(str(file))} as {identifier(name)} (read_only {'true' if read_only else 'false'})"


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a text for SQL, for the few statements that take no bound values (ATTACH, COPY … TO)."""
    return "'" + value.replace("'", "''") + "'"
