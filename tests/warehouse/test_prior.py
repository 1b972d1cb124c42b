"""What a build is told of earlier periods."""

from tests.warehouse.houses import publish
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
