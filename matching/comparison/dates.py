"""Birth dates into levels, in arrays."""

import numpy as np
import numpy.typing as npt

from matching.comparison.columns import NO_DATE, Ints, Levels, Profiles
from matching.comparison.levels import BirthLevel, NumberLevel

_DAY_PRECISION = 3


def birth_levels(
    profiles: Profiles, number: Levels, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32]
) -> Levels:
    """Level of each pair of profiles. A date known to the month or year agrees as far as it is known.

    ``number``: levels of the numbers. A birth date read from a number that both bear says nothing beside it: missing.
    """
    born_left, born_right = profiles.born_on[left], profiles.born_on[right]
    year_l, month_l, day_l = _civil(born_left)
    year_r, month_r, day_r = _civil(born_right)
    level = np.full(len(left), BirthLevel.DIFFERENT, dtype=np.int8)
    level[year_l == year_r] = BirthLevel.SAME_YEAR
    level[(month_l == month_r) & (day_l == day_r)] = BirthLevel.SAME_DAY_OTHER_YEAR
    level[(year_l == year_r) & (month_l == month_r)] = BirthLevel.SAME_MONTH
    apart = _digits_apart(year_l, year_r, 4) + _digits_apart(month_l, month_r, 2) + _digits_apart(day_l, day_r, 2)
    level[apart == 1] = BirthLevel.ONE_DIGIT
    swapped = (year_l == year_r) & (month_l == day_r) & (day_l == month_r)
    listed = (profiles.alternatives[left] == born_right[:, None]).any(axis=1)
    listed |= (profiles.alternatives[right] == born_left[:, None]).any(axis=1)
    level[swapped | listed] = BirthLevel.ALTERNATIVE
    level[born_left == born_right] = BirthLevel.EQUAL
    vague = np.minimum(profiles.born_precision[left], profiles.born_precision[right]) < _DAY_PRECISION
    agrees = vague & (level >= BirthLevel.SAME_YEAR) & (year_l == year_r)
    level[agrees] = BirthLevel.SAME_YEAR
    level[agrees & (month_l == month_r)] = BirthLevel.SAME_MONTH
    level[(born_left == NO_DATE) | (born_right == NO_DATE)] = BirthLevel.MISSING
    of_number = profiles.is_birth_of_number[left] | profiles.is_birth_of_number[right]
    level[of_number & (number >= NumberLevel.UNVERIFIED_EQUAL)] = BirthLevel.MISSING
    return level


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
