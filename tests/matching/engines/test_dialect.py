"""What is carried over from DuckDB's SQL to Spark's."""

from __future__ import annotations

import pytest

from matching import model
from matching.candidates import blocking

pytest.importorskip("sqlglot")

from matching.engines.spark.dialect import NotCarriedOver, carried_over


def test_every_rule_of_the_childrens_model_is_carried_over():
    statements = [sql for rule in model.load().blocking.rules for sql in blocking.block_statements(rule).values()]
    assert all("EXPLODE" in carried_over(sql) and "XXHASH64" in carried_over(sql) for sql in statements)


def test_a_hash_stays_64_bits_and_tables_lose_their_schema():
    assert carried_over("select hash(a, b) as key from link.profile") == "SELECT XXHASH64(a, b) AS key FROM profile"


@pytest.mark.parametrize(
    "statement",
    [
        "select levenshtein(a, b) from link.profile",  # by bytes here, by characters there
        "select cast(a / 7 as integer) from link.profile",  # rounds here, truncates there
        "select a from link.profile order by a",
    ],
)
def test_what_may_mean_something_else_there_is_refused(statement):
    with pytest.raises(NotCarriedOver, match=r"dialect\.py"):
        carried_over(statement)
