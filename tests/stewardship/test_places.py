"""The app's lists, filters and forms tell townships by name."""

import re

import pytest

from tests.stewardship.conftest import COUNTY, PERIOD


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
