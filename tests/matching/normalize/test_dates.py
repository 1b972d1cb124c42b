from datetime import date

import pytest
from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

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


@pytest.mark.parametrize(
    "delivered", ["20160305", "2016-03-05", "2016/03/05", "２０１６０３０５", "2016年3月5日", " 2016.3.5"]
)
def test_a_day_is_the_same_however_it_is_written(delivered):
    assert dates.parse(delivered, AS_OF) == dates.ParsedDate(
        date(2016, 3, 5), dates.Precision.DAY, (date(2016, 4, 11), date(2016, 5, 3))
    )


@pytest.mark.parametrize("year", [1901, 2014, 2017, 2020, 2033, 2101])
@pytest.mark.parametrize("leap", ["", "闰"])
def test_a_lunar_day_is_the_calendars_or_none_where_the_month_is_shorter(year, leap):
    for month in range(1, 13):
        for day in range(1, 32):
            try:
                expected = LunarDate(year, month, day, int(bool(leap))).to_solar_date()
            except (InvalidLunarDateError, ValueError):
                expected = None
            assert dates.parse(f"农历{year}年{leap}{month}月{day}日", AS_OF).on == expected
