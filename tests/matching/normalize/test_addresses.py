import pytest

from matching.normalize import addresses
from tests.matching.normalize.tables import cases


@pytest.mark.parametrize("case", cases("addresses"), ids=lambda case: case["delivered"])
def test_the_key_is_the_tail_that_departments_share(case):
    assert (addresses.address_key(case["delivered"]) or "") == case["key"]


def test_many_addresses_at_once_have_the_keys_that_each_has_alone():
    texts = [case["delivered"] for case in cases("addresses")] + ["长江路\n5号", None, "", "\n"]

    assert addresses.address_keys(texts) == [addresses.address_key(text) for text in texts]
    assert addresses.address_keys(["长江路\n5号"]) == ["长江路5"]
    assert addresses.address_keys([]) == []
