"""What Great Expectations is asked of a table: one expectation of ours that counts every rule of it in a few queries.

Importing this module imports Great Expectations (1-3 s, 200 MB), so it is imported where suites are run. Its stock
expectations take 12 ms of processor time each, whatever the table's size, and fetch values; six hundred are given.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_value

_METRIC = "child_index.whole_numbers"


class WholeNumbers(MetricProvider):
    """What each of ``statements`` gives: one row of whole numbers a statement."""

    metric_name = _METRIC
    domain_keys = ("batch_id",)
    value_keys = ("statements",)

    @staticmethod
    @metric_value(engine=SqlAlchemyExecutionEngine)
    def count(
        *, execution_engine: SqlAlchemyExecutionEngine, metric_value_kwargs: dict[str, list[str]], **_: object
    ) -> list[list[int]]:
        """Each statement's row."""
        with execution_engine.get_connection() as connection:
            # as they stand: text() would take a colon in a pattern for a parameter
            rows = [connection.exec_driver_sql(sql).all()[0] for sql in metric_value_kwargs["statements"]]
        return [[int(number) for number in row] for row in rows]


class TableKeepsItsRules(BatchExpectation):
    """Nothing of a table breaks its rules. ``statements`` count what does, in SQL that says which table it is of.

    Its result holds the counts in the order of the statements, and nothing else of the table.
    """

    statements: list[str]

    metric_dependencies: ClassVar[tuple[str, ...]] = (_METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("statements",)
    domain_keys: ClassVar[tuple[str, ...]] = ("batch_id",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        counts = metrics[_METRIC]
        return {"success": not any(map(any, counts)), "result": {"details": {"counts": counts}}}
