"""Which counties a division code covers."""

import pytest

from stewardship.access import scope
from warehouse.stores.actors import Actor


@pytest.mark.parametrize(
    ("held", "county", "covered"),
    [
        ("429006", "429006", True),
        ("429006", "429004", False),
        ("420000", "429006", True),  # a province's, of a county without a prefecture
        ("422800", "422801", True),
        ("422800", "422802", True),
        ("422801", "422800", False),  # not upwards
        ("110000", "110105", True),
        ("110105", "110106", False),
        ("441900", "441900", True),  # a prefecture without counties
        ("440000", "441900", True),
        ("429006", "999999", False),
    ],
)
def test_covers(held, county, covered):
    actor = Actor("li", counties=(held,))
    assert scope.covers(actor, county) is covered
    assert (county in scope.counties(actor)) is covered


def test_a_child_is_seen_from_each_of_its_counties():
    assert scope.sees(Actor("li", counties=("429006",)), ["110105", "429006"], "110000")
    assert not scope.sees(Actor("li", counties=("429004",)), ["110105", "429006"], "110000")


@pytest.mark.parametrize(("held", "seen"), [("429006", False), ("420000", True), ("110000", False)])
@pytest.mark.parametrize("counties", [[None, ""], ["360103"]])
def test_of_no_county_of_the_jurisdiction_a_child_is_seen_by_who_covers_all(held, seen, counties):
    assert scope.sees(Actor("li", counties=(held,)), counties, "420000") is seen


def test_of_a_county_within_the_jurisdiction_only_that_ones_people_see_a_child():
    assert not scope.sees(Actor("li", counties=("429006",)), ["429004", "360103"], "420000")
    assert not scope.sees(Actor("li", counties=("360104",)), ["429006", "360103"], "429006")
