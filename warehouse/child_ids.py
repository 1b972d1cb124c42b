"""Under which id a child is known in a release: its own, or that of the child it was merged into."""

import duckdb


def today(con: duckdb.DuckDBPyConnection, child_id: str) -> str:
    """The id that a child has now."""
    found = con.execute("select to_child_id from core.child_redirect where child_id = ?", [child_id]).fetchone()
    return str(found[0]) if found else child_id


def of_child(con: duckdb.DuckDBPyConnection, child_id: str) -> list[str]:
    """The id that a child has now, then those that were merged into it."""
    now = today(con, child_id)
    merged = con.execute("select child_id from core.child_redirect where to_child_id = ? order by child_id", [now])
    return [now, *(str(row[0]) for row in merged.fetchall())]


def redirects(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Ids that were retired, with those of today."""
    return dict(con.execute("select child_id, to_child_id from core.child_redirect").fetchall())
