"""Dates into levels, in arrays."""

from __future__ import annotations

import numpy as np

from matching.comparison.columns import NO_DATE, Column, Day, DayList, Flag, Ints, Levels, Word
from matching.comparison.comparison import Batch, Commonness, Comparison, Setting
from matching.comparison.frequency import commonness
from matching.comparison.levels import BirthLevel, DateLevel, NumberLevel
from matching.comparison.spec import FieldSpec

_BORN_ON, _ALTERNATIVES = Day("born_on"), DayList("born_alternatives", 3)
_PRECISION = Word("born_precision", (("year", 1), ("month", 2), ("day", 3)))
_DAY_PRECISION = 3
_IS_OF_NUMBER = Flag("is_birth_of_number")


class BirthDate(Comparison):
    """A child's birth date, its precision and its plausible other readings.

    A date known to the month or year agrees as far as it is known. One that was read from a number that both bear says
    nothing beside it: missing.
    """

    fixed = BirthLevel
    beside = ("number",)
    own_columns = (_BORN_ON, _ALTERNATIVES, _PRECISION, _IS_OF_NUMBER)

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        born_on = self.profiles[_BORN_ON]
        self._common = commonness(setting, born_on, np.ones(len(born_on), dtype=bool))

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        born_left, born_right = self.profiles[_BORN_ON][left], self.profiles[_BORN_ON][right]
        (year_l, month_l, day_l), (year_r, month_r, day_r) = _civil(born_left), _civil(born_right)
        level = np.full(len(left), BirthLevel.DIFFERENT, dtype=np.int8)
        level[year_l == year_r] = BirthLevel.SAME_YEAR
        level[(month_l == month_r) & (day_l == day_r)] = BirthLevel.SAME_DAY_OTHER_YEAR
        level[(year_l == year_r) & (month_l == month_r)] = BirthLevel.SAME_MONTH
        apart = _digits_apart(year_l, year_r, 4) + _digits_apart(month_l, month_r, 2) + _digits_apart(day_l, day_r, 2)
        level[apart == 1] = BirthLevel.ONE_DIGIT
        swapped = (year_l == year_r) & (month_l == day_r) & (day_l == month_r)
        alternatives = self.profiles[_ALTERNATIVES]
        listed = (alternatives[left] == born_right[:, None]).any(axis=1)
        listed |= (alternatives[right] == born_left[:, None]).any(axis=1)
        level[swapped | listed] = BirthLevel.ALTERNATIVE
        level[born_left == born_right] = BirthLevel.EQUAL
        precision = self.profiles[_PRECISION]
        vague = np.minimum(precision[left], precision[right]) < _DAY_PRECISION
        agrees = vague & (level >= BirthLevel.SAME_YEAR) & (year_l == year_r)
        level[agrees] = BirthLevel.SAME_YEAR
        level[agrees & (month_l == month_r)] = BirthLevel.SAME_MONTH
        level[(born_left == NO_DATE) | (born_right == NO_DATE)] = BirthLevel.MISSING
        of_number = self.profiles[_IS_OF_NUMBER][left] | self.profiles[_IS_OF_NUMBER][right]
        level[of_number & (batch.levels("number") >= NumberLevel.UNVERIFIED_EQUAL)] = BirthLevel.MISSING
        return level

    def commonness(self) -> dict[int, Commonness]:
        """Of the day."""
        return {BirthLevel.EQUAL: self._common}


class Date(Comparison):
    """A date of one column, as year, month and day; what isn't a day of the calendar is missing."""

    fixed = DateLevel

    @classmethod
    def columns(cls, spec: FieldSpec) -> tuple[Column, ...]:
        """One date."""
        return (Day(spec.of[0]),)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        days = self.profiles[Day(self.spec.of[0])]
        one, other = days[batch.left], days[batch.right]
        (year_l, month_l, day_l), (year_r, month_r, day_r) = _civil(one), _civil(other)
        level = np.full(len(one), DateLevel.DIFFERENT, dtype=np.int8)
        level[year_l == year_r] = DateLevel.SAME_YEAR
        level[(month_l == month_r) & (day_l == day_r)] = DateLevel.SAME_DAY_OTHER_YEAR
        level[(year_l == year_r) & (month_l == day_r) & (day_l == month_r)] = DateLevel.SWAPPED
        apart = _digits_apart(year_l, year_r, 4) + _digits_apart(month_l, month_r, 2) + _digits_apart(day_l, day_r, 2)
        level[apart == 1] = DateLevel.ONE_DIGIT
        level[one == other] = DateLevel.EQUAL
        level[(one == NO_DATE) | (other == NO_DATE)] = DateLevel.MISSING
        return level

    def commonness(self) -> dict[int, Commonness]:
        """Of the day."""
        days = self.profiles[Day(self.spec.of[0])]
        return {DateLevel.EQUAL: commonness(self.setting, days, days != NO_DATE)}


def _civil(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Year, month, day of days since 1970; NO_DATE gives some date, to be overruled by the caller."""
    date = np.where(days == NO_DATE, 0, days).astype("datetime64[D]")
    months = date.astype("datetime64[M]")
    month_number = months.astype(np.int64)
    return month_number // 12 + 1970, month_number % 12 + 1, (date - months).astype(np.int64) + 1


def _digits_apart(left: Ints, right: Ints, digits: int) -> Ints:
    apart = np.zeros(len(left), dtype=np.int64)
    for place in range(digits):
        scale = 10**place
        apart += left // scale % 10 != right // scale % 10
    return apart
