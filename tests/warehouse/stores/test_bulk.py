"""Many rows at once, there and back."""

import time

import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa

from warehouse.stores import bulk, register, tables
from warehouse.stores.engine import open_stores, writing

BUILD = 20260701090000000


def test_unsigned_numbers_come_back_as_they_went(stores):
    values = np.array([0, 1, 2**63 - 1, 2**63, 2**64 - 1], dtype=np.uint64)
    with writing(stores) as connection:
        columns = {"anchor": bulk.signed(values).tolist(), "child_id": ["c"] * 5, "build_id": BUILD}
        assert bulk.insert(connection, tables.anchor, columns) == 5
    assert register.read_anchors(stores, [BUILD])["anchor"].to_pylist() == values.tolist()


def test_no_rows_are_an_empty_table_of_the_right_types(stores):
    found = register.read_anchors(stores, [])
    assert (found.num_rows, found.schema) == (0, pa.schema([("anchor", pa.uint64()), ("child_id", pa.string())]))


@pytest.mark.parametrize(
    ("columns", "says"), [({"anchor": [1, 2], "child_id": ["c"]}, "of one length"), ({"anchor": 1}, "no list")]
)
def test_uneven_columns_are_refused(stores, columns, says):
    with pytest.raises(ValueError, match=says), writing(stores) as connection:
        bulk.insert(connection, tables.anchor, columns)


def test_reading_in_parts_loses_no_row(stores, monkeypatch):
    monkeypatch.setattr(bulk, "_CHUNK", 7)
    with writing(stores) as connection:
        columns = {"anchor": list(range(50)), "child_id": [f"c{n}" for n in range(50)], "build_id": BUILD}
        bulk.insert(connection, tables.anchor, columns)
        query = sa.select(tables.anchor.c.anchor).order_by(tables.anchor.c.anchor)
        assert bulk.select(connection, query, [pa.int64()])["anchor"].to_pylist() == list(range(50))


@pytest.mark.slow
def test_a_million_and_a_half_anchors_take_seconds(tmp_path):
    engine = open_stores(tmp_path)
    values = np.random.default_rng(1).integers(0, 2**64, 1_500_000, dtype=np.uint64)
    children = [f"c{number % 200_000:013d}" for number in range(len(values))]
    began = time.perf_counter()
    with writing(engine) as connection:
        columns = {"anchor": bulk.signed(values).tolist(), "child_id": children, "build_id": BUILD}
        bulk.insert(connection, tables.anchor, columns)
    wrote = time.perf_counter() - began
    assert register.read_anchors(engine, [BUILD]).num_rows == len(values)
    assert wrote < 12  # about 2 s on an idle machine; the bound leaves room for a busy one
