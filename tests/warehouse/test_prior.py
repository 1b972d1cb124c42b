"""What a build is told of earlier periods."""

from tests.warehouse.houses import empty_table, fill, insert, publish
from warehouse.store import Warehouse


def _earlier(home, period: str) -> dict[int, str | None]:
    """By anchor, the child that the periods before this one knew it by."""
    with Warehouse(home) as house:
        house.begin(period)
        return dict(house.cursor().execute("select anchor, earlier_child_id from prior.known_anchor").fetchall())


def test_a_period_built_again_is_not_told_what_it_found_out_before(tmp_path):
    publish(tmp_path, "2026H1", {"c1": [1], "c2": [2, 2**63 + 1]}, ("c1", "c2"))
    assert _earlier(tmp_path, "2026H2") == {1: "c1", 2: "c2", 2**63 + 1: "c2"}
    publish(tmp_path, "2026H2", {"c1": [1, 2], "c3": [3]}, ("c3",), {"c2": "c1"})
    assert _earlier(tmp_path, "2026H2") == {1: "c1", 2: "c2", 2**63 + 1: "c2", 3: None}
    assert _earlier(tmp_path, "2027H1") == {1: "c1", 2: "c1", 2**63 + 1: "c1", 3: "c3"}
    assert set(_earlier(tmp_path, "2026H1").values()) == {None}


def _publish_with_model(home, period: str, version: str) -> None:
    with Warehouse(home) as house:
        fill(house, period, {"c1": [1]})
        for table in ("trained_model", "level_weight", "value_frequency"):
            empty_table(house.cursor(), "link", table)
        insert(house.cursor(), "link.trained_model", version=version, trained_in=period)
        house.publish(period)


def _model_in_force(home, period: str) -> list[str]:
    with Warehouse(home) as house:
        house.begin(period)
        return [row[0] for row in house.cursor().execute("select version from prior.trained_model").fetchall()]


def test_a_first_period_is_told_of_no_model(tmp_path):
    assert _model_in_force(tmp_path, "2026H1") == []


def test_a_period_is_told_the_model_of_its_own_last_build_else_of_the_last_earlier_period(tmp_path):
    _publish_with_model(tmp_path, "2026H1", "one")
    assert _model_in_force(tmp_path, "2026H2") == ["one"]
    _publish_with_model(tmp_path, "2026H2", "two")
    assert _model_in_force(tmp_path, "2026H2") == ["two"]
    assert _model_in_force(tmp_path, "2026H1") == ["one"]
    assert _model_in_force(tmp_path, "2027H1") == ["two"]


def test_a_build_from_before_there_were_versions_hands_on_none(tmp_path):
    _publish_with_model(tmp_path, "2026H1", "one")
    publish(tmp_path, "2026H2", {"c1": [1]})
    assert _model_in_force(tmp_path, "2026H2") == ["one"]
