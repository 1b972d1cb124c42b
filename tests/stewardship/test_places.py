"""Townships are called what deliveries write beside their code."""

import re
from datetime import date

import pytest

from stewardship.places import Places
from tests.stewardship.conftest import COUNTY, PERIOD

JUNE = date(2026, 6, 30)


@pytest.fixture(scope="module")
def places():
    known = [("429006002", "侨乡街道"), ("429006101", "城关镇"), ("420502101", "城关镇")]
    return Places.named(JUNE, known)


@pytest.mark.parametrize(
    ("code", "name", "full"),
    [
        ("429006", "湖北省天门市", "湖北省天门市"),
        ("429006002", "侨乡街道", "湖北省天门市侨乡街道"),
        ("429006101", "城关镇（天门市）", "湖北省天门市城关镇"),
        ("420502101", "城关镇（西陵区）", "湖北省宜昌市西陵区城关镇"),
        ("429006999", "429006999", "湖北省天门市 429006999"),
    ],
)
def test_what_a_place_is_called(places, code, name, full):
    assert (places.name(code), places.full(code)) == (name, full)


@pytest.mark.parametrize("path", ["/ledger", "/visits", "/cases"])
def test_lists_and_filters_name_townships(review, path):
    known = review.shown.places.townships
    assert known
    page = review.enter("zhang").open(path).text
    for code, shown in re.findall(rf'<option value="({COUNTY}\d{{3}})"[^>]*>([^<(]+)', page):
        assert shown.strip() == known.get(code, code)
    assert any(f'value="{code}"' in page for code in known)


def test_the_form_of_a_visit_offers_the_countys_townships(review):
    con = review.house.read_published(PERIOD)
    child, township = con.execute(
        "select child_id, residence_township from care.child join care.migrant_status as status using (child_id)"
        " where starts_with(residence_township, ?) and status.residence_codes = [?] order by all limit 1",
        [COUNTY, COUNTY],
    ).fetchone()
    con.close()
    page = review.enter("zhang").open(f"/children/{child}/visits/new").text
    assert f"与掌握的一致：{review.shown.places.full(township)}" in page
    offered = dict(re.findall(r'<option value="(\d{9})">([^<]+)</option>', page))
    assert offered
    assert offered.items() <= review.shown.places.townships.items()
