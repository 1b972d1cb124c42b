"""Many rows at once, there and back."""

import pyarrow as pa
import pytest
import sqlalchemy as sa

from warehouse.stores import bulk, tables
from warehouse.stores.engine import reading, writing

FIXED = {"build_id": 20260701090000000, "period": "2026H1", "event": "mint"}
CHILD = tables.child_event.c.child_id


def test_rows_given_as_columns_come_back_in_order(stores, monkeypatch):
    monkeypatch.setattr(bulk, "_CHUNK", 7)
    children = [f"c{number}" for number in range(50)]
    with writing(stores) as connection:
        assert bulk.insert(connection, tables.child_event, {"child_id": children, **FIXED}) == 50
        found = bulk.select(connection, sa.select(CHILD).order_by(tables.child_event.c.id), [pa.string()])
    assert found["child_id"].to_pylist() == children


def test_no_rows_are_an_empty_table_of_the_right_types(stores):
    with reading(stores) as connection:
        found = bulk.select(connection, sa.select(CHILD), [pa.string()])
    assert (found.num_rows, found.schema) == (0, pa.schema([("child_id", pa.string())]))


@pytest.mark.parametrize(
    ("columns", "says"), [({"child_id": ["c"], "cause": ["a", "b"]}, "of one length"), ({"child_id": "c"}, "no list")]
)
def test_uneven_columns_are_refused(stores, columns, says):
    with pytest.raises(ValueError, match=says), writing(stores) as connection:
        bulk.insert(connection, tables.child_event, {**columns, **FIXED})
