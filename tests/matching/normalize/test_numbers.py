from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.normalize import numbers
from tests.matching.normalize.tables import cases

AS_OF = date(2026, 6, 30)


def number(first_17: str) -> str:
    return first_17 + numbers.check_character(first_17)


@pytest.mark.parametrize("case", cases("citizen_numbers"), ids=lambda case: case["delivered"])
def test_a_number_is_judged_and_never_repaired(case):
    judged = numbers.judge(case["delivered"], AS_OF)

    assert judged.state == case["state"]
    assert (judged.number or "") == case["number"]


def test_a_sound_number_tells_birth_date_and_sex():
    judged = numbers.judge("11010519491231002X", AS_OF)

    assert (judged.born_on, judged.sex) == (date(1949, 12, 31), "female")


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macau_and_taiwan_are_sound(region):
    assert numbers.judge(number(f"{region}20160305001"), AS_OF).state == "sound"


def test_a_number_of_no_province_or_of_tomorrow_is_not_sound():
    assert numbers.judge(number("99999920260701001"), AS_OF).state == "failed_check"
    assert numbers.judge(number("10010020160305001"), AS_OF).state == "failed_check"


def test_a_number_that_excel_may_have_rounded_is_suspect_although_its_check_is_good():
    ends_000 = next(
        first + "0"
        for day in range(1, 29)
        for first in [f"429006201603{day:02d}100"]
        if numbers.check_character(first) == "0"
    )

    assert numbers.judge(ends_000, AS_OF).state == "suspect"


@given(
    st.lists(
        st.one_of(
            st.text(alphabet="0123456789Xx ", max_size=19),
            st.from_regex(r"(11|42|54|99)\d{4}(19|20)\d{2}(0\d|1[0-3])[0-3]\d\d{3}[\dX]", fullmatch=True),
            st.from_regex(r"42900620160305\d{3}", fullmatch=True).map(number),
        ),
        unique=True,
    )
)
def test_all_at_once_says_the_same_as_one_by_one(texts):
    table = numbers.judge_all(pa.array(texts, pa.string()), AS_OF)

    found = {row["delivered"]: (row["state"], row["number"], row["born_on"], row["sex"]) for row in table.to_pylist()}
    judged = {text: numbers.judge(text, AS_OF) for text in texts}
    assert found == {text: (one.state, one.number, one.born_on, one.sex) for text, one in judged.items()}


def test_what_a_double_leaves_of_a_number_from_the_west_is_suspect_all_at_once_too():
    left = {int(float(f"{region}20160305{serial}000")) for region in range(610000, 660000, 7) for serial in range(10)}
    sound = [str(value) for value in left if number(str(value)[:17]) == str(value) and value % 1000 > 8]

    states = numbers.judge_all(pa.array(sound, pa.string()), AS_OF)["state"].to_pylist()

    assert sound
    assert states == [numbers.judge(text, AS_OF).state for text in sound]
    assert "suspect" in states
