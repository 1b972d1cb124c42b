"""What is true of each child on a reference date, and the migrant status that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from connectors.sample.county import BOTH, County
from connectors.sample.dates import compact_number, day, months_before
from connectors.sample.streams import Bools, Ints, Texts

STATUSES = (
    "out_of_age",
    "undetermined",
    "not_migrant",
    "excluded_city_centre",
    "under_six_months",
    "unaccompanied",
    "migrant",
)
COMPANY = ("both_parents", "father", "mother", "grandparents", "other", "nobody")
GRANDPARENTS, NOBODY = 3, 5


@dataclass(frozen=True)
class Standing:
    """The true facts of all children at the end of one day. One position a child; places are positions."""

    county: County
    as_of: date

    @cached_property
    def today(self) -> int:
        """The reference date as a day."""
        return day(self.as_of)

    @cached_property
    def is_born(self) -> Bools:
        """Whether the child is born by then."""
        return self.county.children.born <= self.today

    @cached_property
    def age_days(self) -> Ints:
        """Days since birth."""
        return self.today - self.county.children.born

    @cached_property
    def stay(self) -> Ints:
        """Which of its three places the child lives at."""
        moved = self.county.children.moved
        return (moved[0] <= self.today).astype(np.int64) + (moved[1] <= self.today)

    @cached_property
    def residence(self) -> Ints:
        """County of residence."""
        return np.choose(self.stay, self.county.children.places)

    @cached_property
    def since(self) -> Ints:
        """Day from which the child lives in that county; birth for who was born there."""
        child = self.county.children
        begun = np.choose(self.stay, (child.born, child.moved[0], child.moved[1]))
        stayed = (self.stay == 2) & (child.places[2] == child.places[1])
        begun = np.where(stayed, child.moved[0], begun)
        stayed = (self.stay == 1) & (child.places[1] == child.places[0])
        return np.maximum(np.where(stayed, child.born, begun), child.born)

    @cached_property
    def is_settled(self) -> Bools:
        """Whether the family's hukou has followed it."""
        return self.county.children.settled_on <= self.today

    @cached_property
    def hukou(self) -> Ints:
        """County of the hukou; -1 while the birth isn't registered."""
        child = self.county.children
        found = np.where(self.is_settled, child.places[1], child.hukou)
        return np.where(child.registered_on <= self.today, found, -1)

    @cached_property
    def has_number(self) -> Bools:
        """Whether the child's citizen number has been issued."""
        return self.county.children.number_issued_on <= self.today

    @cached_property
    def name(self) -> Texts:
        """The name in force."""
        child = self.county.children
        found: Texts = np.where(child.renamed_on <= self.today, child.names.text, self.first_name)
        return found

    @cached_property
    def first_name(self) -> Texts:
        """The name given at birth."""
        child = self.county.children
        found: Texts = np.where(child.former_name != "", child.former_name, child.names.text)
        return found

    @cached_property
    def parent_left_on(self) -> Ints:
        """The day a parent left for work elsewhere, not before the child was half a year old."""
        child = self.county.children
        return np.maximum(self.county.families.parent_left_on[child.family], child.born + 180)

    @cached_property
    def is_left_behind(self) -> Bools:
        """Whether the child stayed where its hukou is when one or both parents left for work."""
        gone = self.county.families.left_with[self.county.children.family] != BOTH
        found: Bools = gone & (self.stay == 0) & (self.parent_left_on <= self.today)
        return found

    @cached_property
    def company(self) -> Ints:
        """With whom the child lives: a position in ``COMPANY``."""
        child, family = self.county.children, self.county.families
        at_home = np.where(self.is_left_behind, family.left_with[child.family], BOTH)
        found = np.where(self.stay == 0, at_home, family.company[child.family])
        found = np.where((found == BOTH) & ~family.has_father[child.family], 2, found)
        found = np.where((found == BOTH) & ~family.has_mother[child.family], 1, found)
        return np.where(child.is_alone & (self.stay > 0), NOBODY, found)

    @cached_property
    def is_away(self) -> Bools:
        """Whether the child lives in another county than its hukou's."""
        found: Bools = (self.hukou >= 0) & (self.hukou != self.residence)
        return found

    @cached_property
    def status(self) -> Ints:
        """The migrant status, a position in ``STATUSES``: the first that applies."""
        central = self.county.geography.central_set
        known = np.maximum(self.hukou, 0)
        today = int(compact_number(np.array([self.today]))[0])
        half_year_ago = day(months_before(self.as_of, 6))
        return np.select(
            [
                compact_number(self.county.children.born) + 160_000 <= today,
                self.hukou < 0,
                self.hukou == self.residence,
                (central[known] >= 0) & (central[known] == central[self.residence]),
                self.since > half_year_ago,
                self.company == NOBODY,
            ],
            [0, 1, 2, 3, 4, 5],
            default=6,
        ).astype(np.int64)

    @cached_property
    def is_here(self) -> Bools:
        """Whether the child lives in the jurisdiction."""
        return self.is_born & self.county.geography.is_local[self.residence]

    @cached_property
    def belongs_here(self) -> Bools:
        """Whether its hukou is in the jurisdiction."""
        found: Bools = self.is_born & (self.hukou >= 0) & self.county.geography.is_local[np.maximum(self.hukou, 0)]
        return found

    @cached_property
    def left_place(self) -> Ints:
        """The county of the jurisdiction that the child moved away from within a year and a quarter; else -1."""
        child, geography = self.county.children, self.county.geography
        before = np.choose(np.maximum(self.stay - 1, 0), child.places)
        left_on = np.choose(self.stay, (child.born, child.moved[0], child.moved[1]))
        lately = (self.stay > 0) & (left_on > self.today - 450) & (left_on > child.born) & (before != self.residence)
        return np.where(self.is_born & lately & geography.is_local[before], before, -1)

    @cached_property
    def left_on(self) -> Ints:
        """The day of the last move."""
        child = self.county.children
        return np.choose(self.stay, (child.born, child.moved[0], child.moved[1]))

    @cached_property
    def stayed_since(self) -> Ints:
        """The day from which the child lived at ``left_place``."""
        child = self.county.children
        return np.maximum(child.born, np.where(self.stay == 2, child.moved[0], child.born))
