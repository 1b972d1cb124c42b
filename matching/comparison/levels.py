"""The named levels of agreement a steward reads. One enum a kind; 0 is always MISSING: no evidence either way."""

from enum import IntEnum


class NameLevel(IntEnum):
    """Levels of two names, from nothing known to equal, ordered by closeness.

    A level that says *every* differing character holds for the worst of them: one look-alike and one homophone is
    LOOK_ALIKE. DIFFERENT also holds for names of the same surname whose given names have nothing to do with each
    other only where there is no surname to share.
    """

    MISSING = 0  # one of them blank or a placeholder
    DIFFERENT = 1
    SAME_SURNAME = 2  # and no more; for dotted names the same father's name
    ONE_DIFFERENT = 3  # one character of three or more: 王梓涵, 王梓萱
    SAME_GIVEN = 4  # under another surname or father's name
    NEWBORN = 5  # one is 王芳之子: whether the mother is the same is for the caller to say
    UNKNOWN_CHARACTER = 6  # they agree wherever both are known
    SHORT_FORM = 7  # two of four syllables, without the father's or the surname, cut off, a nickname of the given name
    SWAPPED = 8  # the same characters or words in another order
    LOOK_ALIKE = 9  # every differing character looks alike
    NEAR_SOUND = 10  # every differing character sounds near (zh/z, n/l, ang/an); or spells one transliterated syllable
    SAME_SOUND = 11  # every differing character has a reading in common
    VARIANT = 12  # spellings of one name: transliterations, scripts, variant characters
    EQUAL = 13


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
