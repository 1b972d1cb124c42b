"""The audit's anchors lie beside the keys."""

import time

import pytest

from warehouse import anchors, keys
from warehouse.anchors import AnchorsUnreadable
from warehouse.stores import audit
from warehouse.stores.engine import open_stores


@pytest.fixture
def place(tmp_path):
    return tmp_path / "var", {"CHILDINDEX_KEYS": str(tmp_path / "keys")}


@pytest.fixture
def engine(tmp_path):
    opened = open_stores(tmp_path / "var" / "stores")
    yield opened
    opened.dispose()


def test_an_empty_audit_has_none(place, engine):
    assert anchors.keep(engine, *place) is None
    assert anchors.read(*place) == []


def test_a_row_is_written_down_once(place, engine):
    audit.note(engine, "li", "one")
    first = anchors.keep(engine, *place)
    assert anchors.keep(engine, *place) == first
    audit.note(engine, "li", "two")
    assert anchors.read(*place) == [first]
    assert [each.sequence for each in (anchors.keep(engine, *place), *anchors.read(*place))] == [2, 1, 2]


def test_what_runs_on_keeps_anchors_all_the_while(place, engine):
    audit.note(engine, "li", "before")
    with anchors.keeping(engine, *place, every_seconds=0.01):
        audit.note(engine, "li", "meanwhile")
        deadline = time.monotonic() + 30
        while audit.head(engine) not in anchors.read(*place):
            assert time.monotonic() < deadline
        audit.note(engine, "li", "last")
    assert [each.sequence for each in anchors.read(*place)][-1] == 3


def test_a_file_that_was_tampered_with_is_refused(place, engine):
    audit.note(engine, "li", "one")
    anchors.keep(engine, *place)
    file = next(keys.folder(*place).glob("audit*"))
    file.write_text("1 short\n")
    with pytest.raises(AnchorsUnreadable, match="line 1"):
        anchors.read(*place)
