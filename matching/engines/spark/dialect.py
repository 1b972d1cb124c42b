"""DuckDB's SQL in Spark's words, for the few constructs that mean the same in both."""

from __future__ import annotations

import sqlglot
from sqlglot import exp

_SAME_IN_BOTH = (
    *(exp.Select, exp.Subquery, exp.From, exp.Join, exp.Table, exp.Identifier, exp.Column, exp.Star, exp.Alias),
    *(exp.Unnest, exp.Explode, exp.TableAlias),
)


class NotCarriedOver(ValueError):
    """A statement uses what isn't known to mean the same in Spark."""

    def __init__(self, construct: str, statement: str) -> None:
        super().__init__(
            f"`{construct}` isn't among the SQL that is carried over to Spark, in: {statement}. Say it by what is "
            "there, or check that both engines give the same rows for it and add it to the list in dialect.py"
        )


def carried_over(statement: str) -> str:
    """The statement for Spark. Tables lose their schema: Spark's temporary views have none. ``hash`` is 64-bit there.

    Raises :class:`NotCarriedOver` for a construct that isn't on the list; a function is one, and may differ silently.
    """
    tree = sqlglot.parse_one(statement, read="duckdb")
    return tree.transform(lambda node: _node(node, statement)).sql(dialect="spark")


def _node(node: exp.Expression, statement: str) -> exp.Expression:
    if isinstance(node, exp.Table):
        return exp.to_table(node.name)
    if isinstance(node, exp.Anonymous) and node.name.lower() == "hash":
        return exp.Anonymous(this="xxhash64", expressions=node.expressions)
    if isinstance(node, exp.Anonymous) and node.name == "xxhash64":
        return node
    if not isinstance(node, _SAME_IN_BOTH):
        raise NotCarriedOver(node.sql(dialect="duckdb"), statement)
    return node
