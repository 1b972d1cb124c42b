from datetime import date

import pytest

from matching.normalize import dates
from tests.matching.normalize.tables import cases

AS_OF = date(2026, 6, 30)


@pytest.mark.parametrize("case", cases("dates"), ids=lambda case: case["delivered"])
def test_a_date_is_read_where_one_reading_is_possible(case):
    parsed = dates.parse(case["delivered"], AS_OF)

    assert (parsed.on.isoformat() if parsed.on else "") == case["on"]
    assert (parsed.precision or "") == case["precision"]
    assert (parsed.fault or "") == case["fault"]
    if case["alternatives"] != "any":
        assert " ".join(day.isoformat() for day in parsed.alternatives) == case["alternatives"]


def test_the_lunar_birthday_is_an_alternative_of_the_solar_one():
    assert date(2016, 4, 11) in dates.parse("20160305", AS_OF).alternatives  # 三月初五


def test_nothing_delivered_is_no_fault():
    assert dates.parse(None, AS_OF) == dates.ParsedDate()
