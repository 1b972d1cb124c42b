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


@pytest.mark.parametrize(
    ("address", "front"),
    [
        ("浙江杭州建德梅城镇西门村4组", "浙江杭州建德"),
        ("南京江宁东山街道幸福村2号", "南京江宁"),
        ("南京江宁桥镇幸福村2号", "南京"),  # 江宁桥镇 may be anywhere in 南京
        ("南京江宁路3号", "南京"),
        ("北京市东城区和平里西街街道2号", "北京市东城区"),  # its county is named; 和平 is another's
        ("建德梅城镇西门村4组", ""),  # may be a road's or a village's name anywhere
    ],
)
def test_a_countys_short_name_counts_behind_its_citys_and_before_a_townships(address, front):
    assert addresses.division_in_front(address) == front
