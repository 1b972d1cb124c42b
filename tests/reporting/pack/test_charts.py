"""Charts tell what their tables tell."""

import re

from reporting.pack import charts
from reporting.pack.charts import Series


def numbers(drawn):
    return re.findall(r">([\d,*]+)</text>", drawn)


def test_a_stack_of_numbers_that_are_not_shown_is_no_zero():
    drawn = charts.bars(["a", "b", "c"], [Series("x", [None, 0, 20]), Series("y", [None, 0, None])], stacked=True)
    assert numbers(drawn) == ["*", "0", "20"]


def test_each_bar_beside_others_bears_its_own_number():
    drawn = charts.bars(["a", "b"], [Series("x", [1200, None]), Series("y", [0, 3])])
    assert numbers(drawn) == ["1,200", "0", "*", "3"]
