"""The invented county: families with their parents, children, homes, moves and papers, for all periods at once.

Every event has a day, so that what is true on a reference date is looked up, never simulated: see ``standing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from connectors.sample import citizen_no, names
from connectors.sample.dates import NEVER, day, from_parts, months_before, year
from connectors.sample.names import Names
from connectors.sample.places import Geography
from connectors.sample.streams import Bools, Ints, Streams, Texts, pick, texts

STABLE, WITHIN, INCOMER, LEAVER, ARRIVING, EXPECTING = range(6)  # kinds of families
BOTH, FATHER, MOTHER, ELDER, OTHER = range(5)  # whom the children live with after a move
_SHARES = {  # of the families at the first reference date: within the jurisdiction, from outside, left it
    "110000": (0.13, 0.30, 0.02),
    "540000": (0.05, 0.11, 0.02),
    "429006": (0.0, 0.14, 0.02),
}
_USUAL_SHARES = (0.07, 0.15, 0.02)
_BIRTHS_BY_AGE = (4.2, 4.3, 4.6, 4.9, 5.6, 6.2, 6.8, 7.2, 7.6, 7.6, 7.4, 7.0, 6.6, 6.3, 6.0, 5.6, 3.2, 2.4)
_TWINS = 0.012
# Of families at their hukou, those with a parent at work elsewhere, by province: most inland, few where work is.
# Census of 2020: of 298 million children 67 million are left behind.
_AWAY_FOR_WORK = {
    **dict.fromkeys(("11", "12", "31"), 0.02),
    **dict.fromkeys(("21", "22", "23", "32", "33", "35", "37", "44", "54", "65"), 0.1),
    **dict.fromkeys(("34", "36", "41", "42", "43", "45", "50", "51", "52"), 0.3),
}
_USUALLY_AWAY = 0.18
_GROWTH = 0.02  # families that arrive, and that have a first child, in each half-year after the first


@dataclass(frozen=True)
class Families:
    """One position a family. Places are positions in the geography; days count from 1970-01-01."""

    kind: Ints
    people: Texts  # GB/T 3304 code
    style: Ints
    hukou: Ints
    places: tuple[Ints, Ints, Ints]  # before, between and after the two moves
    moved: tuple[Ints, Ints]
    settled_on: Ints  # day the hukou was moved to the second place
    company: Ints  # after a move
    left_with: Ints  # at the place of the hukou once a parent works elsewhere; BOTH: none does
    parent_left_on: Ints
    father: Names
    mother: Names
    elder: Names
    father_born: Ints
    mother_born: Ints
    elder_born: Ints
    father_no: Ints
    mother_no: Ints
    elder_no: Ints
    has_father: Bools
    has_mother: Bools
    phones: tuple[Ints, Ints]
    surname: Texts


@dataclass(frozen=True)
class Children:
    """One position a child, families together, eldest first or not."""

    family: Ints
    born: Ints
    sex: Ints  # 1 male, 2 female
    names: Names
    former_name: Texts  # empty: never renamed
    renamed_on: Ints
    pet_name: Texts
    number: Ints
    number_issued_on: Ints
    registered_on: Ints  # when the birth entered the hukou register; NEVER for a few
    places: tuple[Ints, Ints, Ints]
    moved: tuple[Ints, Ints]
    hukou: Ints
    settled_on: Ints
    is_alone: Bools  # came without any guardian
    is_boarder: Bools
    has_sibling: Bools
    is_twin: Bools

    def __len__(self) -> int:
        return len(self.family)


@dataclass(frozen=True)
class County:
    """All families and children of one invented county."""

    geography: Geography
    families: Families
    children: Children


def invent(geography: Geography, children: int, as_of: Sequence[date], streams: Streams) -> County:
    """Invent families until ``children`` of them are there on the first reference date; later births come besides."""
    first, last = day(as_of[0]), day(as_of[-1])
    kinds = _kinds(geography, children, len(as_of), streams.of("kinds"))
    hukou, places, moved = _residences(geography, kinds, first, last, as_of, streams.of("moves"))
    family, born, sex, twin = _births(kinds, geography.provinces[hukou], first, last, streams.of("births"))
    arrival = np.where(kinds == ARRIVING, moved[0], -NEVER)
    present = (born <= first) & (arrival[family] <= first)
    enough = int(np.searchsorted(np.cumsum(present), children, side="right"))
    family, born, sex, twin = family[:enough], born[:enough], sex[:enough], twin[:enough]
    count = int(family[-1]) + 1 if enough else 0
    families = _families(
        geography,
        kinds[:count],
        hukou[:count],
        tuple(p[:count] for p in places),
        tuple(m[:count] for m in moved),
        _eldest(family, born, count),
        last,
        streams,
    )
    return County(geography, families, _children(geography, families, family, born, sex, twin, first, last, streams))


def _kinds(geography: Geography, children: int, periods: int, rng: np.random.Generator) -> Ints:
    within, incoming, left = _SHARES.get(geography.jurisdiction, _USUAL_SHARES)
    if len(geography.local) == 1:
        within = 0.0
    later = _GROWTH * max(periods - 1, 0)
    weights = [1 - within - incoming - left, within, incoming, left, later * (2 * incoming + 0.3), later]
    return pick(rng, weights, int(children * 0.85) + 50)


def _residences(
    geography: Geography, kinds: Ints, first: int, last: int, as_of: Sequence[date], rng: np.random.Generator
) -> tuple[Ints, tuple[Ints, Ints, Ints], tuple[Ints, Ints]]:
    """Draw hukou county, the three places and the days of the two moves of each family."""
    size = len(kinds)
    local_weights = geography.weights[geography.local]
    here = geography.local[pick(rng, local_weights, size)]
    other_here = geography.local[pick(rng, local_weights, size)]
    away = np.empty(size, dtype=np.int64)
    for province in sorted(set(geography.provinces[geography.local])):
        at = np.flatnonzero(geography.provinces[here] == province)
        away[at] = pick(rng, geography.origins(province), len(at))
    comes = np.isin(kinds, (INCOMER, ARRIVING))
    hukou = np.where(comes, away, here)
    within = (kinds == WITHIN) & (other_here != here)
    second = np.where(comes, here, np.where(within, other_here, np.where(kinds == LEAVER, away, here)))
    moved = np.where(comes | within | (kinds == LEAVER), _arrivals(rng, size, first, as_of), NEVER)
    moved[kinds == ARRIVING] = rng.integers(first + 1, max(last, first + 1) + 1, int((kinds == ARRIVING).sum()))
    leaving = (kinds == STABLE) & (rng.random(size) < 0.006 * (last - first) / 181)
    second[leaving] = away[leaving]
    moved[leaving] = rng.integers(first, last + 1, int(leaving.sum()))
    onward = (comes | within) & (rng.random(size) < 0.07)
    again = np.where(onward, rng.integers(first - 300, last + 1, size), NEVER)
    again[again <= moved + 30] = NEVER
    home_again = rng.random(size) < (1.0 if len(geography.local) == 1 else 0.5)
    third = np.where(home_again, hukou, other_here)
    return hukou, (hukou, second, third), (moved, again)


def _arrivals(rng: np.random.Generator, size: int, first: int, as_of: Sequence[date]) -> Ints:
    """Draw when families moved: mostly years ago, one in nine in the half-year, some within days of a boundary."""
    years_ago = first - 183 - np.minimum(rng.exponential(1400, size), 5400).astype(np.int64)
    recently = rng.integers(first - 183, first + 1, size)
    boundaries = np.array([day(months_before(value, 6)) for value in as_of])
    near = boundaries[rng.integers(0, len(boundaries), size)] + rng.integers(-4, 5, size)
    luck = rng.random(size)
    return np.where(luck < 0.86, years_ago, np.where(luck < 0.965, recently, np.minimum(near, first)))


def _births(
    kinds: Ints, provinces: Texts, first: int, last: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Bools]:
    """Draw one to three children a family, and twins; those outside 0–17 and born after the last period fall away."""
    size = len(kinds)
    age_days = (pick(rng, _BIRTHS_BY_AGE, size) + rng.random(size)) * 365.25
    pivot = first - age_days.astype(np.int64)
    pivot[kinds == EXPECTING] = rng.integers(first + 1, max(last, first + 1) + 1, int((kinds == EXPECTING).sum()))
    many = np.isin(provinces, ("54", "65"))
    count = 1 + pick(rng, (45, 43, 12), size) + (many & (rng.random(size) < 0.4))
    apart = rng.integers(500, 2300, (size, 3))
    before = rng.random((size, 3)) < 0.5
    born = np.stack([pivot, *(_sibling(pivot, apart, before, which) for which in range(3))], axis=1)
    exists = np.arange(4)[None, :] < count[:, None]
    twins = rng.random((size, 4)) < _TWINS
    born = np.concatenate([born, born], axis=1)
    exists = np.concatenate([exists, exists & twins], axis=1)
    is_twin = np.concatenate([twins, twins], axis=1)
    sex = np.where(rng.random((size, 8)) < 0.527, 1, 2)
    alike = rng.random((size, 4)) < 0.66
    sex[:, 4:] = np.where(alike, sex[:, :4], sex[:, 4:])
    exists &= (born > first - 18 * 365.25) & (born <= last)
    at, _ = np.nonzero(exists)
    return at.astype(np.int64), born[exists], sex[exists].astype(np.int64), is_twin[exists]


def _sibling(pivot: Ints, apart: Ints, before: Bools, which: int) -> Ints:
    """Return a sibling's day of birth: each further one lies beyond the last on its side of the first."""
    same_side = before[:, : which + 1] == before[:, which : which + 1]
    distance = (apart[:, : which + 1] * same_side).sum(axis=1)
    found: Ints = np.where(before[:, which], pivot - distance, pivot + distance)
    return found


def _eldest(family: Ints, born: Ints, count: int) -> Ints:
    found = np.full(count, NEVER, dtype=np.int64)
    np.minimum.at(found, family, born)
    return found


def _families(
    geography: Geography,
    kinds: Ints,
    hukou: Ints,
    places: tuple[Ints, ...],
    moved: tuple[Ints, ...],
    eldest: Ints,
    last: int,
    streams: Streams,
) -> Families:
    size = len(kinds)
    rng = streams.of("families")
    people = _peoples(geography, hukou, streams.of("peoples"))
    style = names.styles(rng, people)
    surname = names.surnames(streams.of("surnames"), people)
    eldest = np.where(eldest == NEVER, last, eldest)
    mother_born = eldest - rng.normal(26.5 * 365, 3.6 * 365, size).clip(17 * 365, 44 * 365).astype(np.int64)
    father_born = mother_born - rng.normal(550, 900, size).clip(-2500, 4500).astype(np.int64)
    elder_born = np.maximum(father_born - rng.integers(21 * 365, 31 * 365, size), -14000)
    elder_sex = np.where(rng.random(size) < 0.4, 1, 2)
    man, woman = np.ones(size, dtype=np.int64), np.full(size, 2, dtype=np.int64)
    father = names.invent(streams.of("fathers"), style, surname, man, father_born)
    mother = names.invent(
        streams.of("mothers"), style, names.surnames(streams.of("mothers' surnames"), people), woman, mother_born
    )
    elder = names.invent(
        streams.of("elders"),
        style,
        np.where(elder_sex == 1, surname, names.surnames(streams.of("elders' surnames"), people)),
        elder_sex,
        elder_born,
    )
    settled = ((kinds == INCOMER) | (kinds == WITHIN)) & (rng.random(size) < 0.05)
    settled_on = np.where(settled, moved[0] + rng.integers(400, 2500, size), NEVER)
    settled_on[settled_on >= moved[1]] = NEVER
    numbers = [
        _adult_numbers(geography, hukou, born, sex, streams.of("adult numbers", which))
        for which, born, sex in (("f", father_born, man), ("m", mother_born, woman), ("e", elder_born, elder_sex))
    ]
    missing = rng.random(size)
    has_father, has_mother = missing > 0.035, missing < 0.985
    left_with = _left_with(geography.provinces[hukou], has_father, has_mother, streams.of("away for work"))
    return Families(
        kind=kinds,
        people=people,
        style=style,
        hukou=hukou,
        places=(places[0], places[1], places[2]),
        moved=(moved[0], moved[1]),
        settled_on=settled_on,
        company=pick(rng, (70, 6, 12, 10, 2), size),
        left_with=left_with,
        parent_left_on=last - streams.of("left for work").exponential(1500, size).astype(np.int64),
        father=father,
        mother=mother,
        elder=elder,
        father_born=father_born,
        mother_born=mother_born,
        elder_born=elder_born,
        father_no=numbers[0],
        mother_no=numbers[1],
        elder_no=numbers[2],
        has_father=has_father,
        has_mother=has_mother,
        phones=(_phones(rng, size), _phones(rng, size)),
        surname=surname,
    )


def _left_with(provinces: Texts, has_father: Bools, has_mother: Bools, rng: np.random.Generator) -> Ints:
    """Draw with whom children stay at home while a parent works elsewhere; BOTH where none does."""
    size = len(provinces)
    share = np.array([_AWAY_FOR_WORK.get(province, _USUALLY_AWAY) for province in provinces])
    found = np.array([ELDER, MOTHER, FATHER])[pick(rng, (45, 42, 13), size)]
    alone = ~has_father | ~has_mother  # with whom a single parent's children stay when he or she goes
    found[alone] = ELDER
    found[rng.random(size) >= share] = BOTH
    return found


def _peoples(geography: Geography, hukou: Ints, rng: np.random.Generator) -> Texts:
    found = np.empty(len(hukou), dtype=object)
    luck = rng.random(len(hukou))
    order = np.argsort(hukou, kind="stable")
    counties, starts = np.unique(hukou[order], return_index=True)
    for county, at in zip(counties, np.split(order, starts[1:]), strict=True):
        groups = geography.peoples(int(county))
        bounds = np.cumsum(list(groups.values()))
        found[at] = texts(list(groups))[np.searchsorted(bounds, luck[at] * bounds[-1], side="right")]
    return found


def _adult_numbers(geography: Geography, hukou: Ints, born: Ints, sex: Ints, rng: np.random.Generator) -> Ints:
    """Number the adults; a third were born in another county of the same province."""
    elsewhere = rng.random(len(hukou)) < 0.33
    origin = hukou.copy()
    for province in sorted(set(geography.provinces[hukou])):
        at = np.flatnonzero((geography.provinces[hukou] == province) & elsewhere)
        inside = np.flatnonzero(geography.provinces == province)
        origin[at] = inside[rng.integers(0, len(inside), len(at))]
    return citizen_no.assign(geography.codes_at_birth(origin, year(born)), born, sex, salt=int(rng.integers(1, 2**31)))


def _phones(rng: np.random.Generator, size: int) -> Ints:
    heads = np.array(
        [
            130,
            131,
            132,
            133,
            135,
            136,
            137,
            138,
            139,
            150,
            151,
            152,
            153,
            155,
            156,
            157,
            158,
            159,
            166,
            170,
            173,
            176,
            177,
            178,
            180,
            181,
            182,
            183,
            185,
            186,
            187,
            188,
            189,
            191,
            198,
            199,
        ]
    )
    return heads[rng.integers(0, len(heads), size)] * 10**8 + rng.integers(0, 10**8, size)


def _children(
    geography: Geography,
    families: Families,
    family: Ints,
    born: Ints,
    sex: Ints,
    twin: Bools,
    first: int,
    last: int,
    streams: Streams,
) -> Children:
    size = len(family)
    rng = streams.of("children")
    siblings = np.bincount(family, minlength=len(families.kind))[family] > 1
    called = _child_names(families, family, born, sex, twin, streams)
    hukou = families.hukou[family]
    comes = np.isin(families.kind[family], (INCOMER, WITHIN, ARRIVING))
    alone = comes & ~siblings & (first - born > 3700) & (rng.random(size) < 0.03)
    late = comes & ~alone & (rng.random(size) < 0.1)
    moved = families.moved[0][family]
    joined = np.where(late & (moved < NEVER), moved + rng.integers(20, 700, size), moved)
    again = families.moved[1][family]
    joined = np.where(joined >= again, moved, joined)
    joined = np.where((moved <= first) & (joined > first) & (families.kind[family] != ARRIVING), moved, joined)
    issue = np.where(rng.random(size) < 0.62, rng.integers(20, 120, size), rng.integers(60, 2000, size))
    registered = born + np.minimum(issue, rng.integers(3, 60, size))
    unregistered = rng.random(size) < 0.0015
    issued_on = np.where(unregistered, NEVER, born + issue)
    prefix = geography.codes_at_birth(hukou, year(born))
    number = citizen_no.assign(prefix, born, sex, salt=int(rng.integers(1, 2**31)))
    renamed = (rng.random(size) < 0.03) & (families.style[family] == names.HAN)
    former = texts([""] * size)
    at = np.flatnonzero(renamed)
    changed = (rng.random(len(at)) < 0.2) & families.has_mother[family[at]]
    surname = np.where(changed, families.mother.surname[family[at]], called.surname[at])
    former[at] = surname + names.han_given(rng, sex[at], born[at], texts([""] * len(at)))
    former[_shared_in_family(family, former, called.text) | (former == called.text)] = ""
    renamed_on = np.where(former != "", born + rng.integers(200, 5500, size), NEVER)
    first_place, second_place, third_place = (place[family] for place in families.places)
    return Children(
        family=family,
        born=born,
        sex=sex,
        names=called,
        former_name=former,
        renamed_on=renamed_on,
        pet_name=_pet_names(family, called, streams.of("pet names")),
        number=number,
        number_issued_on=issued_on,
        registered_on=np.where(unregistered, NEVER, registered),
        places=(first_place, second_place, third_place),
        moved=(joined, again),
        hukou=hukou,
        settled_on=families.settled_on[family],
        is_alone=alone,
        is_boarder=(rng.random(size) < np.where(geography.provinces[hukou] == "54", 0.5, 0.14)),
        has_sibling=siblings,
        is_twin=twin,
    )


def _child_names(families: Families, family: Ints, born: Ints, sex: Ints, twin: Bools, streams: Streams) -> Names:
    """Name the children after their father, rarely their mother; none sounds like its siblings, parents or elder."""
    has_twins = np.bincount(family, weights=twin, minlength=len(families.kind)) > 0
    shared = names.generation_characters(streams.of("generation characters"), has_twins)
    rng = streams.of("children's names")
    from_mother = rng.random(len(families.kind)) < 0.05
    surname = np.where(from_mother & families.has_mother, families.mother.surname, families.surname)[family]
    father = families.father.take(family)
    found = names.invent(rng, families.style[family], surname, sex, born, shared[family], father)
    adults = [names.heard(adult)[family] for adult in (families.father, families.mother, families.elder)]
    attempt = 0
    while (again := _called_like_kin(family, found, adults)).size:
        fresh = names.invent(
            streams.of("children's names", attempt),
            families.style[family[again]],
            surname[again],
            sex[again],
            born[again],
            shared[family[again]],
            father.take(again),
        )
        for held, new in zip(
            (found.text, found.surname, found.first, found.second),
            (fresh.text, fresh.surname, fresh.first, fresh.second),
            strict=True,
        ):
            held[again] = new
        attempt += 1
    return found


def _pet_names(family: Ints, called: Names, rng: np.random.Generator) -> Texts:
    """Say what each child is called at home, siblings differently; the last tries are left as they come."""
    found = names.pet_names(called, rng.integers(0, 2**31, len(family)))
    for _ in range(6):
        again = np.flatnonzero(_shared_in_family(family, found, found))
        found[again] = names.pet_names(called.take(again), rng.integers(0, 2**31, len(again)))
    return found


def _called_like_kin(family: Ints, children: Names, adults: list[Texts]) -> Ints:
    """Find the children whose name sounds like that of a sibling or of an adult of the family."""
    heard = names.heard(children)
    alike = _shared_in_family(family, heard, heard)
    for adult in adults:
        alike |= heard == adult
    return np.flatnonzero(alike).astype(np.int64)


def _shared_in_family(family: Ints, mine: Texts, theirs: Texts) -> Bools:
    """Whether what is a child's own is also another's of its family, whose children stand together."""
    found = np.zeros(len(family), dtype=np.bool_)
    for apart in range(1, 8):
        kin = family[apart:] == family[:-apart]
        found[apart:] |= kin & (mine[apart:] == theirs[:-apart])
        found[:-apart] |= kin & (mine[:-apart] == theirs[apart:])
    return found


def school_entry(born: Ints, age: int) -> Ints:
    """Return the 1 September on which a child that is ``age`` by 31 August starts."""
    late = (born - from_parts(year(born), np.full(len(born), 9))) >= 0
    return from_parts(year(born) + age + late, np.full(len(born), 9))
