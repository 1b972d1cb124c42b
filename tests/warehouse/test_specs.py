"""Specs are read strictly, and agree with the feeds' own."""

import pytest

from connectors import specs as feeds
from warehouse import specs
from warehouse.specs import SpecError

SPEC = """
room: core
table: child
title: 儿童
grain: one row a child
key: [child_id]
columns:
  child_id: {type: varchar, required: true}
"""


def test_a_spec_says_what_it_says():
    spec = specs.read(SPEC, "child.yml")
    assert (spec.name, spec.key, spec.columns["child_id"].required) == ("core.child", ("child_id",), True)


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("grain: one row a child", "grains: one row a child", "child.yml: grain: Field required; grains: Extra inputs"),
        ("room: core", "room: cave", "child.yml: room: "),
        ("key: [child_id]", "key: [child]", "key names columns that aren't there"),
        ("required: true", "sensitivity: secret", "columns.child_id.sensitivity"),
        ("required: true", "expect: {references: core.child}", "expected room.table.column"),
        ("columns:", "columns: [", "not YAML"),
    ],
)
def test_a_fault_names_file_and_key(was, now, says):
    with pytest.raises(SpecError) as fault:
        specs.read(SPEC.replace(was, now), "child.yml")
    assert says in str(fault.value)


def test_an_unknown_table_lists_those_of_the_room():
    with pytest.raises(SpecError, match=r"core.chidl: no spec. core has: .*child"):
        specs.get("core", "chidl")


@pytest.mark.parametrize("feed", feeds.load().values(), ids=lambda feed: feed.raw_table)
def test_raw_has_every_column_of_the_feed_as_text_and_as_sensitive(feed):
    spec = specs.get("raw", feed.raw_table)
    assert list(spec.columns) == ["entry_id", "file", "row_no", "key", *feed.columns, "extra"]
    for name, column in feed.columns.items():
        assert (spec.columns[name].type, spec.columns[name].sensitivity) == ("varchar", column.sensitivity), name


@pytest.mark.parametrize("feed", feeds.load().values(), ids=lambda feed: feed.raw_table)
def test_std_knows_every_word_that_the_feed_decodes(feed):
    spec = specs.get("std", feed.raw_table)
    for name, column in feed.columns.items():
        if column.type == "word":
            assert set(spec.columns[name].expect.one_of or ()) == set(column.words.values()), name


def test_references_name_columns_that_are_there():
    for spec in specs.load().values():
        for name, column in spec.columns.items():
            if column.expect.references:
                room, table, target = column.expect.references.split(".")
                assert target in specs.get(room, table).columns, f"{spec.name}.{name}"


def test_no_identifier_reaches_the_mart():
    for spec in specs.load().values():
        if spec.room == "mart":
            assert [name for name, column in spec.columns.items() if column.sensitivity == "identifier"] == [], (
                spec.name
            )


def test_identifiers_outside_the_mart_say_what_becomes_of_them():
    for spec in specs.load().values():
        unmasked = [
            n for n, column in spec.columns.items() if column.sensitivity == "identifier" and not column.masking
        ]
        assert unmasked == [], spec.name
