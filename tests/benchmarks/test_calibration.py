import pyarrow as pa

from benchmarks import calibration


def _row(low: float, high: float, truth: float, pairs: int) -> dict[str, object]:
    return {
        "dimension": "all", "subgroup": "all", "measure": "recall", "estimate": (low + high) / 2, "low": low,
        "high": high, "truth": truth, "truth_pairs": pairs,
    }  # fmt: skip


def test_coverage_counts_truths_inside_their_interval():
    rows = pa.Table.from_pylist([_row(0.9, 1.0, 0.95, 400), _row(0.9, 1.0, 0.85, 400), _row(0.98, 1.0, 1.0, 10)])
    said = list(calibration.pooled(rows))
    assert said[-1] == (
        "\nPooled over all 3 subgroups: 66.7% held (bar 90% to 99%), median width 10.00 points (bar 1)."
    )
    at = said.index("\nSubgroups of 300 true or found pairs and more\n")
    assert said[at + 3].startswith("| recall | all | 2 | 50.0 | 50.0 | 0.0 | 10.0 |")


def test_a_small_county_is_measured_from_deliveries_to_truth():
    rows = calibration.measured("429006", 1, 300, 1.0).to_pylist()
    whole = {row["measure"]: row for row in rows if row["dimension"] == "all"}
    assert all(0.9 < row["truth"] <= 1 and 0.9 < row["estimate"] <= 1 for row in whole.values())
    assert {row["dimension"] for row in rows} == {"all", "tables", "ethnic_group", "age", "county"}
