import pytest

from matching.normalize import addresses
from tests.matching.normalize.tables import cases


@pytest.mark.parametrize("case", cases("addresses"), ids=lambda case: case["delivered"])
def test_the_key_is_the_tail_that_departments_share(case):
    assert (addresses.address_key(case["delivered"]) or "") == case["key"]
