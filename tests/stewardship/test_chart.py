"""The waterfall as it is drawn: every step from the start to the total, both thresholds, one line of signs."""

import pytest

from stewardship import chart
from stewardship.visit import Bands
from stewardship.waterfall import Step, Waterfall
from stewardship.words import Words

BANDS = Bands(review_from=-2.0, link_from=4.0)


@pytest.fixture(scope="module")
def drawn():
    steps = (
        Step("name", "equal", 8.0, -4.0),
        Step("birth", "equal", 7.0, 3.0),
        Step("number", "different", -3.0, 0.0),
        Step("phone", "equal_shared", 0.2, 0.2),
    )
    return chart.draw(Waterfall(-12.0, steps, 0.2), BANDS, Words("zh"))


def test_every_step_is_a_bar_where_it_leads(drawn):
    assert [bar.kind for bar in drawn.bars] == ["total", "up", "up", "down", "up", "total"]
    assert [bar.gain for bar in drawn.bars] == ["−12.0", "+8.0", "+7.0", "−3.0", "+0.2", "+0.2"]
    _, name, birth, number, _, _ = drawn.bars
    assert name.x + name.width == pytest.approx(birth.x, abs=0.2)
    assert number.x + number.width == pytest.approx(birth.x + birth.width, abs=0.2)


def test_both_thresholds_stand_where_their_scores_are(drawn):
    per_unit = drawn.bars[1].width / 8.0
    assert drawn.link_x - drawn.review_x == pytest.approx(6.0 * per_unit, abs=0.3)
    assert drawn.bars[2].x + drawn.bars[2].width == pytest.approx(drawn.link_x - per_unit, abs=0.3)


def test_one_line_says_what_speaks_for_and_against(drawn):
    assert drawn.brief == "+姓名 +出生日期 −身份号码 =电话"


def test_it_is_told_in_words_to_whom_it_is_read(drawn):
    assert drawn.spoken.count("；") == len(drawn.bars) - 1
    assert "−3.0" in drawn.spoken
