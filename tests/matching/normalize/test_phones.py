import pytest

from matching.normalize import phones
from tests.matching.normalize.tables import cases


@pytest.mark.parametrize("case", cases("phones"), ids=lambda case: case["delivered"])
def test_a_phone_is_kept_where_it_can_be_somebodys(case):
    phone, fault = phones.judge(case["delivered"])

    assert (phone or "", fault or "") == (case["phone"], case["fault"])
