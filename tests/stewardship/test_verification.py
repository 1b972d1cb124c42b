"""A band of automatic links is settled, or stopped, by answers in their order."""

import pytest

from matching.cases.verification import load
from stewardship import verification

RIGHT, WRONG = True, False


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([], "open"),
        ([RIGHT] * 100, "open"),
        ([RIGHT] * 120, "passed"),
        ([WRONG], "open"),
        ([WRONG, WRONG], "stop"),
        ([RIGHT] * 20 + [WRONG, WRONG], "stop"),
        ([RIGHT] * 60 + [WRONG, WRONG], "open"),
        ([RIGHT] * 60 + [WRONG, WRONG, WRONG], "stop"),
        ([WRONG, WRONG] + [RIGHT] * 500, "stop"),
    ],
)
def test_tested(answers, state):
    assert verification.tested(answers, load()) == state


def test_what_is_drawn_suffices_to_settle_a_band_without_a_wrong_link():
    assert verification.tested([RIGHT] * load().drawn, load()) == "passed"
