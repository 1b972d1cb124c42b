"""Any table linked by a model file."""

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import matching
from matching import link
from matching.library import Linked
from matching.model import ModelError
from matching.profiles.table import TableError
from tests.matching.invented import MODEL, reader, readers, write_model


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return write_model(tmp_path_factory.mktemp("model"))


AGAIN = (
    reader("typo", 3, last="Dornn", first="dario"),
    reader("swapped", 4, first=reader("", 4)["last"], last=reader("", 4)["first"]),
    reader("digit", 5, born="1915-02-28"),
    reader("blank", 6, born=None, phone=""),
)


@pytest.fixture(scope="module")
def linked(model) -> Linked:
    return link(readers(*AGAIN), model)


def _together(linked: Linked) -> set[frozenset[str]]:
    held: dict[int, set[str]] = {}
    for row in linked.clusters.to_pylist():
        held.setdefault(row["cluster"], set()).add(row["key"])
    return {frozenset(keys) for keys in held.values() if len(keys) > 1}


def _pair(linked: Linked, left: str, right: str) -> dict[str, object]:
    for row in linked.pairs.to_pylist():
        if {row["left"], row["right"]} == {left, right}:
            return row
    raise AssertionError(f"no pair of {left} and {right}")


def test_readers_registered_twice_are_found(linked):
    assert _together(linked) == {
        frozenset(pair) for pair in (("c3", "typo"), ("c4", "swapped"), ("c5", "digit"), ("c6", "blank"))
    }


def test_every_row_is_in_a_cluster(linked):
    assert sorted(linked.clusters["key"].to_pylist()) == sorted(readers(*AGAIN)["card"].to_pylist())


def test_names_that_changed_places_are_one_level_and_count_once(linked):
    pair = _pair(linked, "c4", "swapped")
    assert (pair["first_name"], pair["last_name"], pair["last_name_part"]) == ("crossed", "missing", 0.0)


def test_a_missing_value_says_nothing(linked):
    pair = _pair(linked, "c6", "blank")
    assert (pair["born_on"], pair["born_on_part"]) == ("missing", 0.0)
    assert (pair["telephone"], pair["telephone_part"]) == ("missing", 0.0)


def test_the_parts_and_the_prior_make_the_score(linked):
    rows = linked.pairs.to_pylist()
    parts = [name for name in linked.pairs.column_names if name.endswith("_part")]
    priors = {round(row["score"] - sum(row[part] for part in parts), 2) for row in rows}
    assert max(priors) - min(priors) < 0.02


def test_the_plan_and_the_figures_are_told(linked):
    assert linked.plan["rule"].to_pylist() == ["names", "born_last", "phone", "crossed"]
    figures = {(row["subject"], row["item"]): row["value"] for row in linked.figures.to_pylist()}
    assert figures["estimation", "settled"] == 1.0
    assert figures["pairs", "link"] == 4.0
    assert figures["phone", "values of which nothing is left"] == 0.0


@pytest.mark.parametrize("shape", ["pandas", "relation"])
def test_a_table_may_come_in_any_shape(model, linked, shape):
    table = readers(*AGAIN)
    given = table.to_pandas() if shape == "pandas" else duckdb.connect().from_arrow(table)
    assert link(given, model).pairs.equals(linked.pairs)


def test_the_order_of_rows_and_the_threads_do_not_matter(model, linked):
    table = readers(*AGAIN)
    turned = link(table.take(list(range(table.num_rows))[::-1]), model, threads=1)
    assert turned.pairs.equals(linked.pairs)
    assert turned.clusters.equals(linked.clusters)


def test_rows_alike_in_all_that_is_compared_are_one_without_a_pair(model):
    found = link(readers(reader("again", 3, first="DARIO")), model)
    assert _together(found) == {frozenset({"c3", "again"})}
    assert found.pairs.num_rows == link(readers(), model).pairs.num_rows


def test_two_tables_that_hold_a_reader_once_are_linked_across(tmp_path):
    guarded = MODEL.replace("clusters:", "sources: {once: [town, school]}\nguards: {once_per_period: {}}\nclusters:", 1)
    town = readers(reader("town twice", 9, phone="0"))
    school = pa.Table.from_pylist([reader("s3", 3, first="Darjo"), reader("s4", 4, last="Ebnerr")])
    found = link({"town": town, "school": school}, write_model(tmp_path, guarded))
    assert {"c3", "s3"} <= set().union(*_together(found))
    assert _pair(found, "c9", "town twice")["band"] == "review"
    assert not any({"c9", "town twice"} <= keys for keys in _together(found))
    assert set(found.clusters["source"].to_pylist()) == {"town", "school"}
    assert ("c9", "town twice") in {(row["left"], row["right"]) for row in found.cases.to_pylist()}


def test_what_people_said_holds(model):
    said = pa.table({"left": ["c3", "c7"], "right": ["typo", "c8"], "judgement": ["different", "same"]})
    found = _together(link(readers(*AGAIN), model, decisions=said))
    assert frozenset({"c7", "c8"}) in found
    assert frozenset({"c3", "typo"}) not in found


@pytest.mark.parametrize("many", [0, 1, 2])
def test_small_tables_link_too(model, many):
    table = readers(many=2).slice(0, many)
    assert link(table, model).clusters.num_rows == many


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (readers(many=3).drop_columns(["born"]), r"no columns \['born'\]"),
        (readers(reader("c1", 9), many=3), "1 repeat"),
        (readers(reader("", 9) | {"card": None}, many=3), "1 rows have no key"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_the_reason(model, table, says):
    with pytest.raises(TableError, match=says):
        link(table, model)


def test_the_childrens_model_links_no_table():
    with pytest.raises(TableError, match="children-1"):
        link(readers(many=3), Path(matching.__path__[0]) / "model.yml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: number", "kind: numeral", "numeral"),
        ("{overlap: 0.5}", "{edits: 2}", "edits"),
        ("{similarity: 0.85}, crossed", "{}, crossed", "say where it begins"),
        ("of: [phone]", "of: [fax]", "fax"),
        ("as: [date]", "as: [day]", "day"),
        ("{first_name: [crossed]}", "{first_name: [turned]}", "turned"),
        ("keys: [phone_keys]", "keys: [fax_keys]", "fax_keys"),
        ("clusters:", "guards: {twins: {absent_at_most: 6.6, again: 1.6, unlike_from: 6}}\nclusters:", "birth"),
        ("clusters:", "guards: {elders: {}}\nclusters:", "elders"),
        ("  first: {", "  entries: {", "entries"),
        ("version: readers-1", "version: readers-1\nclasses: [same]", "classes"),
    ],
)
def test_a_fault_in_a_model_file_is_named(tmp_path, old, new, says):
    assert old in MODEL
    with pytest.raises(ModelError, match=says):
        link(readers(many=3), write_model(tmp_path, MODEL.replace(old, new, 1)))


def test_the_worked_example_of_the_page_runs(tmp_path, monkeypatch, capsys):
    page = (Path(__file__).parents[2] / "docs" / "linkage.md").read_text(encoding="utf-8")
    [code], [model] = (re.findall(rf"```{kind}\n(.*?)```", page, re.S) for kind in ("python", "yaml"))
    (tmp_path / "members.yml").write_text(model, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Linked] = {}
    exec(code, names)
    assert _together(names["linked"]) == {frozenset({"m1", "m3"}), frozenset({"m2", "m4"})}
    assert "m4" in capsys.readouterr().out
