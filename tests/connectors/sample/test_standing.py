"""Truth's status follows the rules from the true facts, to the day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from connectors.sample import county as counties
from connectors.sample import places
from connectors.sample.dates import compact_number, day, months_before
from connectors.sample.standing import COMPANY, STATUSES, Standing
from connectors.sample.streams import Streams


@pytest.fixture(scope="module")
def beijing() -> Standing:
    streams = Streams(11)
    geography = places.load("110000", 2026, 2026, streams)
    return Standing(counties.invent(geography, 6000, [date(2026, 6, 30)], streams), date(2026, 6, 30))


def of_status(standing: Standing, status: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.flatnonzero(standing.is_born & (standing.status == STATUSES.index(status)))


@pytest.mark.parametrize(
    ("today", "months", "then"),
    [
        (date(2026, 6, 30), 6, date(2025, 12, 30)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_months_are_calendar_months(today: date, months: int, then: date) -> None:
    assert months_before(today, months) == then


def test_who_came_by_30_december_has_been_here_six_months(beijing: Standing) -> None:
    boundary = day(date(2025, 12, 30))
    assert (beijing.since[of_status(beijing, "migrant")] <= boundary).all()
    assert (beijing.since[of_status(beijing, "under_six_months")] > boundary).all()
    assert (np.abs(beijing.since - boundary) <= 4).sum() > 10  # some lie at the boundary on purpose


def test_the_sixteenth_birthday_ends_it(beijing: Standing) -> None:
    born = compact_number(beijing.county.children.born)
    assert (born[of_status(beijing, "out_of_age")] <= 20100630).all()
    assert (born[of_status(beijing, "migrant")] > 20100630).all()


def test_moves_among_beijings_six_districts_are_excluded_and_others_are_not(beijing: Standing) -> None:
    codes = beijing.county.geography.codes
    six = {"110101", "110102", "110105", "110106", "110107", "110108"}
    excluded = of_status(beijing, "excluded_city_centre")
    assert len(excluded) > 50
    assert set(codes[beijing.hukou[excluded]]) | set(codes[beijing.residence[excluded]]) <= six
    migrants = of_status(beijing, "migrant")
    inside = [{codes[beijing.hukou[at]], codes[beijing.residence[at]]} <= six for at in migrants]
    assert not any(inside)
    assert any(codes[beijing.hukou[at]].startswith("1101") for at in migrants)


def test_only_children_without_any_guardian_are_unaccompanied(beijing: Standing) -> None:
    nobody = COMPANY.index("nobody")
    assert (beijing.company[of_status(beijing, "unaccompanied")] == nobody).all()
    assert not (beijing.company[of_status(beijing, "migrant")] == nobody).any()


def test_without_a_registered_birth_the_status_is_undetermined(beijing: Standing) -> None:
    unknown = of_status(beijing, "undetermined")
    assert len(unknown) > 3
    assert (beijing.hukou[unknown] == -1).all()


def test_a_fifth_to_two_fifths_of_beijings_children_are_incomers(beijing: Standing) -> None:
    local = beijing.county.geography.is_local
    known = np.maximum(beijing.hukou, 0)
    incomers = beijing.is_here & (beijing.hukou >= 0) & ~local[known]
    assert 0.2 < incomers.sum() / beijing.is_here.sum() < 0.4


def test_every_fifth_child_of_tianmen_was_left_behind_by_a_parent_and_of_beijing_hardly_one(beijing: Standing) -> None:
    streams = Streams(11)
    geography = places.load("429006", 2026, 2026, streams)
    tianmen = Standing(counties.invent(geography, 4000, [date(2026, 6, 30)], streams), date(2026, 6, 30))
    shares = [standing.is_left_behind[standing.belongs_here].mean() for standing in (tianmen, beijing)]
    assert 0.15 < shares[0] < 0.3
    assert shares[1] < 0.03
    left = tianmen.is_left_behind
    assert not tianmen.is_away[left].any()
    assert {COMPANY[at] for at in tianmen.company[left]} == {"father", "mother", "grandparents"}
    assert (tianmen.parent_left_on[left] <= tianmen.today).all()
    alone = ~tianmen.county.families.has_mother[tianmen.county.children.family]
    assert {COMPANY[at] for at in tianmen.company[left & alone]} == {"grandparents"}
