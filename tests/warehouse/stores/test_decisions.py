"""Decisions are signed, kept, and the newest of a pair holds."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from warehouse.stores import decisions
from warehouse.stores.decisions import Decision
from warehouse.stores.engine import reading

PUPIL, PATIENT, OTHER = (
    ("education", "enrolment", "L1"),
    ("health", "child_health", "H1"),
    ("health", "child_health", "H2"),
)


def decide(stores, left, right, judgement, day=1):
    decisions.add(stores, Decision(left, right, judgement, "same mother", "clerk", datetime(2026, 7, day), "1"))


def test_a_pair_is_one_pair_whichever_side_comes_first_and_the_newest_answer_holds(stores):
    decide(stores, PUPIL, PATIENT, "SAME")
    decide(stores, PATIENT, PUPIL, "DIFFERENT", day=2)
    decide(stores, PATIENT, OTHER, "UNSURE")
    rows = decisions.read_holding(stores).to_pylist()
    assert [(row["left_key"], row["right_key"], row["judgement"], row["decided_at"].day) for row in rows] == [
        ("L1", "H1", "DIFFERENT", 2),
        ("H1", "H2", "UNSURE", 1),
    ]


def test_no_decisions_are_an_empty_table_with_its_columns(stores):
    found = decisions.read_holding(stores)
    assert found.num_rows == 0
    assert found.column_names[:3] == ["left_feed", "left_table", "left_key"]


def test_one_entry_is_no_pair(stores):
    with pytest.raises(ValueError, match="one entry twice"):
        decide(stores, PUPIL, PUPIL, "SAME")


def test_what_holds_of_an_entry_is_looked_up_not_searched_for(stores):
    decide(stores, PUPIL, PATIENT, "SAME")
    asked = []
    sa.event.listen(stores, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    with reading(stores) as connection:
        assert list(decisions.about(connection, {PUPIL, OTHER})) == [(PUPIL, PATIENT)]
        statement, values = asked[-1]
        if stores.dialect.name == "postgresql":  # whose planner scans what is small unless it may not
            connection.exec_driver_sql("set local enable_seqscan = off")
        explain = "explain query plan " if stores.dialect.name == "sqlite" else "explain "
        plan = " ".join(map(str, connection.exec_driver_sql(explain + statement, values).all())).lower()
    assert "ix_decision_left" in plan
    assert "ix_decision_right" in plan
    assert "scan decision" not in plan
    assert "seq scan" not in plan
