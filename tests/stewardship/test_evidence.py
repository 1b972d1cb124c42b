"""Cells, waterfall and queue, over every case of a faulty county."""

import re

import pytest

from policy.period import Period
from stewardship import casefile
from stewardship.casebook import Casebook
from stewardship.differences import State
from stewardship.evidence import facts, side_by_side
from stewardship.waterfall import waterfall
from tests.stewardship.conftest import PERIOD
from warehouse.store import Warehouse


@pytest.fixture(scope="module")
def book(published):
    con = Warehouse(published).read_published(PERIOD)
    yield Casebook(con, Period.parse(PERIOD), 1, "version")
    con.close()


@pytest.fixture(scope="module")
def files(book):
    return [casefile.assemble(book, book.case(line.case_id)) for line in book.lines]


def test_there_is_enough_to_look_at(book):
    assert len(book.lines) >= 50
    assert any(line.clusters > 2 for line in book.lines)


def test_a_waterfall_ends_where_the_machine_scored_the_pair(book):
    scored = [pair for line in book.lines for pair in book.case(line.case_id).pairs if pair["score"] is not None]
    assert scored
    for pair in scored:
        found = waterfall(pair, book.fields, book.weights, book.prior)
        assert found.total == pytest.approx(pair["score"] + (pair["worth"] or 0.0), abs=0.001)
        assert [step.total for step in found.steps][-1] == pytest.approx(found.total)


def test_rows_stand_by_weight(files):
    for file in files:
        weights = [abs(row.gain or 0.0) for row in file.shown.rows]
        assert weights == sorted(weights, reverse=True)


def test_all_five_states_occur_and_flagged_records_come_first(files):
    assert {cell.state for file in files for row in file.shown.rows for cell in row.cells} == set(State)
    for file in files:
        assert [record.is_flagged for record in file.shown.records[:2]] == [True, True]
        assert {record.side for record in file.shown.records[:2]} == {0, 1}


def test_identifiers_are_masked_until_they_are_asked_for(files):
    for file in files:
        for row in file.shown.rows:
            if facts()[row.fact].mask in ("number", "phone"):
                for cell in row.cells:
                    for value in cell.values:
                        text = "".join(piece.text for block in value.blocks for piece in block)
                        assert not re.search(r"\d{11}", text)


def test_a_revealed_fact_is_shown_whole_and_no_other(book, files):
    file = next(
        file
        for file in files
        for row in file.shown.rows
        if row.fact == "citizen_no" and any(len(value.blocks) == 3 for cell in row.cells for value in cell.values)
    )
    pair = file.question.pairs[0]
    sides = tuple(file.case.cluster(pair[f"{side}_cluster"]) for side in ("left", "right"))
    shown = side_by_side(sides, pair, file.opinion, book.period, {"citizen_no"})
    rows = {row.fact: row for row in shown.rows}
    assert not rows["citizen_no"].is_masked
    texts = [
        ["".join(piece.text for piece in block) for block in value.blocks]
        for cell in rows["citizen_no"].cells
        for value in cell.values
    ]
    assert any(re.fullmatch(r"\d{6}", blocks[0]) and re.fullmatch(r"\d{8}", blocks[1]) for blocks in texts)
    assert all(row.is_masked for row in shown.rows if facts()[row.fact].mask and row.fact != "citizen_no")


def test_a_retired_division_is_shown_by_the_name_it_had_and_its_successors(files):
    retired = [
        value
        for file in files
        for row in file.shown.rows
        for cell in row.cells
        for value in cell.values
        if value.fault == "retired"
    ]
    assert retired
    assert all(len(value.places) >= 2 for value in retired)
    assert all(re.search(r"[一-鿿]", place) for value in retired for place in value.places)


def test_twins_are_only_said_of_one_birth_date(files):
    said = [file for file in files if file.twins_by]
    assert said
    for file in said:
        pair = file.question.pairs[0]
        one, other = (file.case.by_entry[pair[f"{side}_entry_id"]] for side in ("left", "right"))
        assert one["born_on"] == other["born_on"] is not None


def test_the_oldest_id_survives(book, files):
    for file in files:
        for child in file.if_same.merged:
            assert book.ages[file.if_same.survives] < book.ages[child]


def test_two_sound_numbers_need_a_second_person(files):
    for file in files:
        numbers = [
            any(row["citizen_no"] or row["embedded_no"] for row in file.case.cluster(cluster))
            for cluster in file.question.clusters
        ]
        assert (file.if_same.second_because == "two_numbers") == all(numbers)


def test_whoever_stands_alone_on_a_care_ledger_is_not_merged_by_one_person(files):
    one_sided = [
        file
        for file in files
        if len({any(row["is_on_ledger"] for row in file.case.cluster(cluster)) for cluster in file.question.clusters})
        > 1
    ]
    assert one_sided
    assert all(file.if_same.second_because for file in one_sided)
