"""Lets the database itself refuse to change or remove rows. Revisions that ran used it: it is never changed."""

from typing import Literal

from alembic import op

Verb = Literal["update", "delete", "truncate"]


def forbid(table: str, *verbs: Verb) -> None:
    """Make triggers on one table. SQLite knows no truncate, and has none made against it."""
    words = f"{table} is append-only: write a newer row"
    for verb in verbs:
        name = f"{table}_no_{verb}"
        if op.get_bind().dialect.name == "sqlite":
            if verb != "truncate":
                op.execute(f"create trigger {name} before {verb} on {table} begin select raise(abort, '{words}'); end")
            continue
        each = "statement" if verb == "truncate" else "row"
        op.execute(
            f"create function {name}() returns trigger language plpgsql as 'begin raise exception ''{words}''; end'"
        )
        op.execute(f'create trigger {name} before {verb} on "{table}" for each {each} execute function {name}()')
