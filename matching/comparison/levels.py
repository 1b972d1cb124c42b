"""The named levels of agreement a steward reads. One enum a kind; 0 is always MISSING: no evidence either way."""

from enum import IntEnum


class BirthLevel(IntEnum):
    """Two birth dates. ALTERNATIVE: one is a plausible other reading of the other (day and month swapped, lunar)."""

    MISSING = 0
    DIFFERENT = 1
    SAME_YEAR = 2
    SAME_DAY_OTHER_YEAR = 3
    SAME_MONTH = 4
    ONE_DIGIT = 5
    ALTERNATIVE = 6
    EQUAL = 7


class EqualLevel(IntEnum):
    """Equal or not."""

    MISSING = 0
    DIFFERENT = 1
    EQUAL = 2


class DateLevel(IntEnum):
    """Two dates. SWAPPED: day and month have changed places."""

    MISSING = 0
    DIFFERENT = 1
    SAME_YEAR = 2
    SAME_DAY_OTHER_YEAR = 3
    SWAPPED = 4
    ONE_DIGIT = 5
    EQUAL = 6


class NumberLevel(IntEnum):
    """Two children's citizen numbers, also those inside student numbers and disability cards.

    A number that fails its check is unverified. ONE_EDIT: one digit, or two neighbours exchanged.
    """

    MISSING = 0
    DIFFERENT = 1
    UNVERIFIED_DIFFERENT = 2
    WITHIN_TWO = 3
    ONE_EDIT = 4
    UNVERIFIED_EQUAL = 5
    EQUAL = 6


class OwnNumberLevel(IntEnum):
    """Certificates and departments' own numbers of one kind; DIFFERENT only for birth certificates and documents."""

    MISSING = 0
    DIFFERENT = 1
    EQUAL = 2


class InCommonLevel(IntEnum):
    """Any value of the one among those of the other."""

    MISSING = 0
    DIFFERENT = 1
    EQUAL = 2


class GuardianNameLevel(IntEnum):
    """Any guardian's name of the one among those of the other.

    SIMILAR: nearly the same sound, or a variant. EQUAL_COMMON: guardians of more children than a family has bear it.
    """

    MISSING = 0
    DIFFERENT = 1
    SIMILAR = 2
    EQUAL_COMMON = 3
    EQUAL = 4


class SharedLevel(IntEnum):
    """A phone or an address in common; EQUAL_SHARED: more children have it than a family holds."""

    MISSING = 0
    DIFFERENT = 1
    EQUAL_SHARED = 2
    EQUAL = 3


class SourceLevel(IntEnum):
    """Where two entries come from: two tables (OTHER), or one that holds a person ONCE, ONE_ROW a person, REPEATING."""

    MISSING = 0
    ONCE = 1
    ONE_ROW = 2
    REPEATING = 3
    OTHER = 4
