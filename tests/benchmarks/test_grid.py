"""The table of bars: rows, misses, pooling, ids kept."""

import json
from pathlib import Path

import duckdb
import pytest

from benchmarks import grid
from benchmarks.bars import BARS, Ratio


def test_a_figure_that_misses_its_bar_is_bold_and_told():
    figures = {"f1": Ratio(99, 100), "queue": Ratio(1, 200), "linked": Ratio(1, 1)}
    row = grid.row("a county", figures)
    assert "**0.99000**" in row
    assert "| 0.00500 |" in row
    said = "\n".join(grid.misses([("a county", figures)]))
    assert "1 figures miss" in said
    assert "| 0.99000 | 0.00800 | 99 of 100 |" in said


def test_each_bar_names_its_worst_county_and_how_many_miss_it():
    measured = [("a", {"queue": Ratio(1, 200)}), ("b", {"queue": Ratio(3, 200)})]
    said = list(grid.summary(measured, {"faults ×1": {"queue": Ratio(3, 200)}}, {"queue": Ratio(4, 400)}))
    assert said[-1] == f"| {BARS['queue']} | 0.01000 | **0.01500** | **0.01500** b | 1 of 2 |"


def test_nothing_to_measure_misses_no_bar():
    assert "**" not in grid.row("no Uyghur children", {"uyghur": Ratio(0, 0)})


def test_cells_are_pooled_by_counts():
    whole = grid.pooled(iter([{"f1": Ratio(1, 2)}, {"f1": Ratio(8, 8), "kept": Ratio(1, 1)}]))
    assert whole == {"f1": Ratio(9, 10), "kept": Ratio(1, 1)}


def test_what_was_measured_is_shown_without_running_anything(tmp_path, capsys, monkeypatch):
    measured, *wanting = grid.CELLS["first"]
    figures = {"2026H1": {"f1": {"part": 1, "whole": 2}}}
    (tmp_path / f"{measured.slug}.json").write_text(json.dumps(figures), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["grid", "--cells", "first", "--keep", str(tmp_path), "--kept-only"])
    grid.main()
    said = capsys.readouterr().out
    assert f"| {measured} 2026H1 |" in said
    assert f"Not run: {'; '.join(map(str, wanting))}." in said


def test_every_cell_has_a_file_name_of_its_own():
    cells = {cell for cells in grid.CELLS.values() for cell in cells}
    assert len({cell.slug for cell in cells}) == len(cells)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two children of both periods: one keeps its id with a new student number, the other gets another id."""
    con = duckdb.connect()
    keys = {"2026H1": ("L1", "G2"), "2026H2": ("G1", "G2")}
    ids = {"2026H1": ("c1", "c2"), "2026H2": ("c1", "c3")}
    for period in grid.PERIODS:
        rows = [f"education,enrolment,{key},k{place},f.csv,{place}" for place, key in enumerate(keys[period], 1)]
        text = "\n".join(["feed,table,key,child,file,row", *rows]) + "\n"
        (tmp_path / f"links_{period}.csv").write_text(text, encoding="utf-8")
        con.execute(
            "copy (select 'education' as feed, 'enrolment' as \"table\", 'f.csv' as file, row,"
            " case row when 1 then $one else $other end as child_id from range(1, 3) as r(row))"
            f" to '{tmp_path / f'links_{period}.parquet'}' (format parquet)",
            dict(zip(("one", "other"), ids[period], strict=True)),
        )
    return tmp_path


def test_ids_are_kept_through_a_new_student_number(folder):
    kept = grid.kept_ids(folder, folder)
    assert kept["kept"] == Ratio(1, 2)
    assert kept["kept_l_to_g"] == kept["kept_rekeyed"] == Ratio(1, 1)


def test_every_bar_is_one_of_the_tables_columns():
    assert len("".join(grid.headings()).split("\n")[0].split(" | ")) >= len(BARS)
