import pytest

from stewardship.agreement import is_drawn, kappa


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], None),
        ([("SAME", "SAME")] * 4, None),  # chance alone would make all agree
        ([("SAME", "SAME"), ("DIFFERENT", "DIFFERENT")], 1.0),
        ([("SAME", "DIFFERENT"), ("DIFFERENT", "SAME")], -1.0),
        # 20 both yes, 15 both no, 10 and 5 apart: Cohen's textbook table, 0.7 observed, 0.5 by chance
        ([("S", "S")] * 20 + [("S", "D")] * 5 + [("D", "S")] * 10 + [("D", "D")] * 15, 0.4),
    ],
)
def test_kappa(answers, expected):
    assert kappa(answers) == (expected if expected is None else pytest.approx(expected))


def test_what_is_asked_again_is_a_share_and_always_the_same():
    drawn = [case_id for case_id in range(20_000) if is_drawn("2026H1", case_id)]
    assert 800 < len(drawn) < 1_200
    assert drawn == [case_id for case_id in range(20_000) if is_drawn("2026H1", case_id)]
