"""The public sets' model files: what their blocking keeps, on invented records."""

from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest

import benchmarks
from matching import link
from matching.library import Linked

MODELS = Path(benchmarks.__file__).parent / "models"
GERMAN = {"first_name": "OTTILIE", "last_name": "KRANZ", "birth_year": "1941", "birth_month": "03", "birth_day": "17"}
MISTAKEN = {"first_name": "XAVER", "last_name": "POHL", "birth_year": "1978", "birth_month": "12", "birth_day": "25"}
AUSTRALIAN = {
    "given_name": "marigold",
    "surname": "thornbury",
    "street_number": "27",
    "address_1": "quarry lane",
    "address_2": "the old mill",
    "suburb": "glenferris",
    "postcode": "3721",
    "date_of_birth": "19340816",
    "soc_sec_id": "7204519",
}
FIRST = ("ada", "bruno", "celia", "dorian", "edda", "fergus", "greta", "hollis", "imre", "jonah")
LAST = ("ashdown", "bleeker", "corrigan", "dunmore", "eskdale", "fairbank", "gorman", "hexham", "ipsley", "jessop")


def stranger(place: int) -> dict[str, str]:
    """An Australian who shares no two things with anybody."""
    return {
        "given_name": FIRST[place % 10],
        "surname": LAST[place // 10 % 10],
        "street_number": str(100 + place),
        "address_1": f"{LAST[place % 10]} {FIRST[place // 10 % 10]} street",
        "address_2": None,
        "suburb": f"{LAST[(place * 7) % 10]}{FIRST[(place * 3) % 10]}",
        "postcode": str(4000 + place * 13),
        "date_of_birth": f"{1900 + place}{1 + place % 12:02}{1 + place % 28:02}",
        "soc_sec_id": str(1_000_000 + place * 73_939),
    }


def found(linked: Linked) -> set[tuple[str, str]]:
    """Keys of the pairs that blocking found."""
    return set(zip(linked.pairs["left"].to_pylist(), linked.pairs["right"].to_pylist(), strict=True))


@pytest.mark.parametrize("wrong", [*combinations(GERMAN, 2)], ids=" and ".join)
def test_whatever_two_things_of_a_german_are_wrong_the_pair_is_compared(wrong):
    again = GERMAN | {name: MISTAKEN[name] for name in wrong}
    rows = [{"rec_id": "one"} | GERMAN, {"rec_id": "two"} | again]
    assert found(link(pa.Table.from_pylist(rows), MODELS / "rldata.yml")) == {("one", "two")}


@pytest.mark.parametrize(
    "again",
    [
        {"given_name": "thornbury", "surname": "marigold", "date_of_birth": "19340861", "address_1": "qarry lane"},
        {"given_name": "wilma", "surname": "osgood", "street_number": None, "date_of_birth": None},
        {"given_name": "mari", "suburb": "old mill", "postcode": "3271", "date_of_birth": None, "address_1": "quary"},
    ],
    ids=["names changed places", "other names at the same place", "a name and a house number are left"],
)
def test_an_australian_whose_numbers_are_mistyped_is_found_by_two_other_things(again):
    original = {"rec_id": "one"} | AUSTRALIAN
    copy = original | {"rec_id": "two", "soc_sec_id": "7204591"} | again
    rows = [original, copy, *({"rec_id": f"other {place}"} | stranger(place) for place in range(40))]
    assert ("one", "two") in found(link(pa.Table.from_pylist(rows), MODELS / "febrl.yml"))
