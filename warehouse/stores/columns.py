"""Columns that the stores' tables share, and their types."""

from datetime import datetime

import sqlalchemy as sa

PERIOD = sa.String(6)
CHILD = sa.String(14)
CODE = sa.String(64)  # a user's name, a feed, a word of ours
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def row_id() -> sa.Column[int]:
    """Order of writing; SQLite's own row number, PostgreSQL's identity."""
    return sa.Column("id", BIG, primary_key=True, autoincrement=True)


def written_at() -> sa.Column[datetime]:
    """UTC, without zone."""
    return sa.Column("at", sa.DateTime, nullable=False)
