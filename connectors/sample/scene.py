"""One period as the departments see it: the standing of the children, the chance of rows, and who a guardian is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from connectors.sample.county import County, school_entry
from connectors.sample.dates import day
from connectors.sample.faults import Ledger, Spoiler
from connectors.sample.names import Names
from connectors.sample.rates import FaultRates
from connectors.sample.standing import NOBODY, Standing
from connectors.sample.streams import Bools, Floats, Ints, Luck, Texts, mixed, texts
from policy.period import Period

DAD, MUM, ELDER = range(3)
_REVISED = 0.12  # share of records typed anew between two periods


@dataclass(frozen=True)
class Rows:
    """Rows to be delivered: whom each is about. ``copy`` tells one child's rows apart; an adult's has child -1."""

    child: Ints
    copy: Ints
    family: Ints
    role: Ints  # of an adult: DAD, MUM, ELDER; -1 for a child

    def __len__(self) -> int:
        return len(self.child)

    def take(self, at: Ints) -> Rows:
        """Return the rows at the given positions."""
        return Rows(self.child[at], self.copy[at], self.family[at], self.role[at])


@dataclass(frozen=True)
class Scene:
    """One period of one county."""

    period: Period
    number: int  # of the period: 0 for the first
    standing: Standing
    luck: Luck
    rates: FaultRates
    ledger: Ledger

    @property
    def county(self) -> County:
        """The invented county."""
        return self.standing.county

    @property
    def today(self) -> int:
        """The reference date as a day."""
        return self.standing.today

    def spoiler(self, table: str) -> Spoiler:
        """Return what puts faults into a table."""
        return Spoiler(table, self.rates, self.luck, self.ledger, self.county.geography)

    def identities(self, table: str, rows: Rows) -> Ints:
        """Give each row a scattered integer that lasts until somebody types the record anew."""
        thing = np.where(rows.child >= 0, rows.child * 4, rows.family * 4 + rows.role + 1)
        base = self.luck.whole(thing * 64 + rows.copy, table)
        edition = np.zeros(len(rows), dtype=np.int64)
        for period in range(1, self.number + 1):
            edition[self.luck(base, table, "revised", period) < _REVISED] = period
        return mixed(base + (edition << 33), 77)

    def of_children(self, *selected: tuple[Bools, int]) -> Rows:
        """Make rows of the children that each mask selects, each mask with its copy number."""
        parts = [(np.flatnonzero(mask), copy) for mask, copy in selected]
        child = np.concatenate([at for at, _ in parts]).astype(np.int64)
        copy = np.concatenate([np.full(len(at), number, dtype=np.int64) for at, number in parts])
        return Rows(child, copy, self.county.children.family[child], np.full(len(child), -1, dtype=np.int64))

    @cached_property
    def every(self) -> Ints:
        """The positions of all children."""
        return np.arange(len(self.county.children), dtype=np.int64)

    def chance(self, *about: str | int) -> Floats:
        """Draw one lasting number from 0 to 1 for each child."""
        return self.luck(self.every, *about)

    # numbers that may be mixed up

    @cached_property
    def numbers(self) -> Ints:
        """Citizen numbers in force; 0 where none is issued yet."""
        return np.where(self.standing.has_number, self.county.children.number, 0)

    @cached_property
    def sibling_numbers(self) -> Ints:
        """The number of a brother or sister, 0 where there is none."""
        family = self.county.children.family
        following = np.r_[family[1:] == family[:-1], False]
        before = np.r_[False, family[1:] == family[:-1]]
        return np.where(following, np.roll(self.numbers, -1), np.where(before, np.roll(self.numbers, 1), 0))

    # guardians

    def guardians(self, child: Ints) -> tuple[Ints, Ints]:
        """Say who stands as first and second guardian in a form: DAD, MUM, ELDER or -1."""
        families, children = self.county.families, self.county.children
        family = children.family[child]
        has_father, has_mother = families.has_father[family], families.has_mother[family]
        father_first = (self.luck(family, "first guardian") < 0.6) & has_father
        first = np.where(father_first | ~has_mother, DAD, MUM)
        second = np.where(first == DAD, np.where(has_mother, MUM, -1), np.where(has_father, DAD, -1))
        elder = (self.standing.company[child] == 3) & (self.luck(child, "elder guardian") < 0.6)
        second = np.where(elder, first, np.where(self.luck(child, "second guardian") < 0.8, second, -1))
        return np.where(elder, ELDER, first), second

    def adults(self, family: Ints, who: Ints) -> tuple[Names, Ints, Ints]:
        """Return names, citizen numbers and telephone numbers of adults; -1 gives blanks."""
        of = self.county.families
        names = [of.father, of.mother, of.elder]
        at = np.maximum(who, 0)
        gone = who < 0
        text, surname = (
            texts(
                np.select(
                    [at == 0, at == 1], [getattr(n, part)[family] for n in names[:2]], getattr(names[2], part)[family]
                )
            )
            for part in ("text", "surname")
        )
        style = of.style[family]
        first, second = (np.choose(at, [getattr(n, part)[family] for n in names]) for part in ("first", "second"))
        text[gone], surname[gone] = "", ""
        named = Names(text, np.where(gone, 0, style), surname, np.where(gone, -1, first), np.where(gone, -1, second))
        number = np.where(gone, 0, np.choose(at, [of.father_no[family], of.mother_no[family], of.elder_no[family]]))
        phone = np.where(gone, 0, np.choose(at, [of.phones[0][family], of.phones[1][family], of.phones[0][family]]))
        return named, number, phone

    def relations(self, family: Ints, who: Ints) -> Texts:
        """Write the relation of an adult to the child."""
        elder_is_man = self.county.families.elder_no[family] % 2 == 1
        return texts(
            np.select(
                [who == DAD, who == MUM, (who == ELDER) & elder_is_man, who == ELDER],
                ["父亲", "母亲", "祖父", "祖母"],
                "",
            )
        )

    # homes

    def homes(self, child: Ints, which: int | Ints) -> Ints:
        """Give the home of a child's family at each of its places a scattered integer; siblings share it."""
        family = self.county.children.family[child]
        return self.luck.whole(family * 4 + which, "home")

    @cached_property
    def stage(self) -> Ints:
        """The school stage by age: 0 none, 1 preschool, 2 primary, 3 junior, 4 senior or vocational."""
        in_school = [school_entry(self.county.children.born, age) <= self.today for age in (3, 6, 12, 15, 18)]
        chance = self.chance("schooling")
        found = sum(begun.astype(np.int64) for begun in in_school)
        kept = np.choose(np.minimum(found, 4), [0.0, 0.84, 0.985, 0.985, 0.93])
        return np.where((found > 4) | (chance > kept) | ~self.standing.is_born, 0, found)

    @cached_property
    def is_insured_here(self) -> Bools:
        """Whether the child is insured in the county it lives in."""
        share = np.where(self.standing.is_away, 0.62, 0.88)
        return self.standing.is_here & (self.chance("insured here") < share) & (self.standing.age_days > 20)

    @cached_property
    def is_insured_at_hukou(self) -> Bools:
        """Whether the child kept, or took, its insurance in the county of its hukou though it lives elsewhere."""
        known = self.standing.is_away & ~self.is_insured_here
        share = np.where(self.standing.belongs_here, 0.6, np.where(self.standing.is_here, 0.25, 0.0))
        found: Bools = known & self.standing.is_born & (self.chance("insured at hukou") < share)
        return found

    @cached_property
    def company(self) -> Ints:
        """With whom each child lives; NOBODY for those who came alone."""
        return self.standing.company

    @cached_property
    def is_alone(self) -> Bools:
        """Whether the child lives without any guardian."""
        found: Bools = self.company == NOBODY
        return found

    @cached_property
    def period_begins(self) -> int:
        """First day of the half-year."""
        return day(self.period.begins_on)


def serial(prefix: Texts, number: Ints, digits: int, suffix: str = "") -> Texts:
    """Write record numbers: a prefix and a zero-padded running number."""
    found: Texts = prefix + texts(np.char.zfill(number.astype(str), digits)) + suffix
    return found


def choose(condition: Bools, yes: Texts | str, no: Texts | str) -> Texts:
    """Choose texts by a condition."""
    return texts(np.where(condition, texts(yes), texts(no)))


def worded(words: tuple[str, ...], at: Ints) -> Texts:
    """Look words up."""
    found: Texts = texts(words)[at]
    return found
