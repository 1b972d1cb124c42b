"""Dates into levels, in arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.comparison.columns import (
    NO_DATE,
    Column,
    Day,
    DayList,
    Flag,
    Flags,
    Index,
    Ints,
    Levels,
    Places,
    Values,
    Word,
)
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
        self._common = commonness(setting, born_on, np.ones(len(born_on), dtype=bool), "birth")
        self._civil = _Civil(born_on)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        left, right = batch.left, batch.right
        born_left, born_right = self.profiles[_BORN_ON][left], self.profiles[_BORN_ON][right]
        level = np.full(len(left), BirthLevel.EQUAL, dtype=np.int8)
        differs = np.flatnonzero(born_left != born_right)
        level[differs] = self._unequal(left[differs], right[differs])
        precision = self.profiles[_PRECISION]
        vague = np.flatnonzero(np.minimum(precision[left], precision[right]) < _DAY_PRECISION)
        level[vague] = self._vague(left[vague], right[vague], level[vague])
        level[(born_left == NO_DATE) | (born_right == NO_DATE)] = BirthLevel.MISSING
        of_number = self.profiles[_IS_OF_NUMBER][left] | self.profiles[_IS_OF_NUMBER][right]
        level[of_number & (batch.levels("number") >= NumberLevel.UNVERIFIED_EQUAL)] = BirthLevel.MISSING
        return level

    def commonness(self) -> dict[int, Commonness]:
        """Of the day."""
        return {BirthLevel.EQUAL: self._common}

    def _unequal(self, left: Places, right: Places) -> Levels:
        """Levels of pairs born on two different days."""
        level = np.full(len(left), BirthLevel.DIFFERENT, dtype=np.int8)
        (year_l, month_l, day_l), (year_r, month_r, day_r) = self._civil.of(left), self._civil.of(right)
        level[year_l == year_r] = BirthLevel.SAME_YEAR
        level[(month_l == month_r) & (day_l == day_r)] = BirthLevel.SAME_DAY_OTHER_YEAR
        level[(year_l == year_r) & (month_l == month_r)] = BirthLevel.SAME_MONTH
        level[self._civil.one_digit_apart(left, right)] = BirthLevel.ONE_DIGIT
        swapped = (year_l == year_r) & (month_l == day_r) & (day_l == month_r)
        level[swapped | self._is_listed(left, right) | self._is_listed(right, left)] = BirthLevel.ALTERNATIVE
        return level

    def _is_listed(self, one: Places, other: Places) -> Flags:
        """Whether the other's date is a plausible other reading of the one's."""
        alternatives: Ints = self.profiles[_ALTERNATIVES]
        listed = np.zeros(len(one), dtype=bool)
        few = np.flatnonzero(alternatives[:, 0][one] != NO_DATE)
        listed[few] = (alternatives[one[few]] == self.profiles[_BORN_ON][other[few]][:, None]).any(axis=1)
        return listed

    def _vague(self, left: Places, right: Places, level: Levels) -> Levels:
        """Levels of pairs of which one is known to the month or year, as far as it is known."""
        (year_l, month_l, _), (year_r, month_r, _) = self._civil.of(left), self._civil.of(right)
        agrees = (level >= BirthLevel.SAME_YEAR) & (year_l == year_r)
        level[agrees] = BirthLevel.SAME_YEAR
        level[agrees & (month_l == month_r)] = BirthLevel.SAME_MONTH
        return level


class Date(Comparison):
    """A date of one column, as year, month and day; what isn't a day of the calendar is missing."""

    fixed = DateLevel

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        super().__init__(name, spec, setting)
        self._civil = _Civil(self.profiles[Day(spec.of[0])])

    @classmethod
    def columns(cls, spec: FieldSpec) -> tuple[Column, ...]:
        """One date."""
        return (Day(spec.of[0]),)

    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""
        days = self.profiles[Day(self.spec.of[0])]
        one, other = days[batch.left], days[batch.right]
        (year_l, month_l, day_l), (year_r, month_r, day_r) = self._civil.of(batch.left), self._civil.of(batch.right)
        level = np.full(len(one), DateLevel.DIFFERENT, dtype=np.int8)
        level[year_l == year_r] = DateLevel.SAME_YEAR
        level[(month_l == month_r) & (day_l == day_r)] = DateLevel.SAME_DAY_OTHER_YEAR
        level[(year_l == year_r) & (month_l == day_r) & (day_l == month_r)] = DateLevel.SWAPPED
        level[self._civil.one_digit_apart(batch.left, batch.right)] = DateLevel.ONE_DIGIT
        level[one == other] = DateLevel.EQUAL
        level[(one == NO_DATE) | (other == NO_DATE)] = DateLevel.MISSING
        return level

    def commonness(self) -> dict[int, Commonness]:
        """Of the day."""
        days = self.profiles[Day(self.spec.of[0])]
        return {DateLevel.EQUAL: commonness(self.setting, days, days != NO_DATE)}


class _Civil:
    """Year, month and day of each profile's date, and its digits: looked up by the date, of which there are few.

    NO_DATE is some date, for the caller to overrule.
    """

    def __init__(self, days: Ints) -> None:
        encoded = pa.array(days).dictionary_encode()
        self._place: Index = encoded.indices.to_numpy()
        distinct = encoded.dictionary.to_numpy()
        date = np.where(distinct == NO_DATE, 0, distinct).astype("datetime64[D]")
        months = date.astype("datetime64[M]")
        number = months.astype(np.int64)
        self._year = (number // 12 + 1970).astype(np.int16)
        self._month = (number % 12 + 1).astype(np.int8)
        self._day = ((date - months).astype(np.int64) + 1).astype(np.int8)
        whole = self._year.astype(np.int64) * 10_000 + self._month.astype(np.int64) * 100 + self._day
        digits = sum((whole // 10**place % 10) << 4 * place for place in range(8))  # four bits each
        self._digits: npt.NDArray[np.uint32] = np.asarray(digits, dtype=np.uint32)

    def of(self, which: Places) -> tuple[Values, Values, Values]:
        """Year, month and day of some profiles."""
        place = self._place[which]
        return self._year[place], self._month[place], self._day[place]

    def one_digit_apart(self, left: Places, right: Places) -> Flags:
        """Whether two dates differ in one of their eight digits."""
        bits = self._digits[self._place[left]] ^ self._digits[self._place[right]]
        bits |= bits >> 1
        bits |= bits >> 2
        bits &= np.uint32(0x11111111)  # one bit for each digit that differs
        one: Flags = (bits != 0) & (bits & (bits - np.uint32(1)) == 0)
        return one
