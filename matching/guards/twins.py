"""One child or two born together: names that aren't spellings of one another, in one household, on one day.

A pair's own levels can't tell a misspelled or changed name from a twin's. The entries around it can: those that bear
either name are gathered, and the two gatherings are weighed as one child's entries against two children's. Twins are
known to the same tables, so every table that knows nearly every child and only one of the names speaks for one child,
and every table that gives a child one row and has both names speaks for two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.comparison.columns import NO_DATE, Count, Day, Flags, Floats, Ints, Profiles
from matching.comparison.levels import BirthLevel, EqualLevel, NameLevel, NumberLevel, OwnNumberLevel, SourceLevel
from matching.guards.guard import Effect, Guarded, Parameters, Scores, Seen

BORN_ON = Day("born_on")
ENTRIES = Count("entries")
COLUMNS = (BORN_ON, ENTRIES)
PARAMETERS = frozenset({"absent_at_most", "again", "unlike_from"})
_ONE_NAME = NameLevel.SWAPPED
_MAY_BE_ONE = (NameLevel.NEWBORN, NameLevel.UNKNOWN_CHARACTER)  # nothing in one contradicts the other
_MOST_KNOWN = 0.95


def settle(seen: Seen, scores: Scores, guarded: Guarded, parameters: Parameters) -> None:
    """Weigh the pairs that ``twins`` holds: ``one_child`` where their entries are likelier one child's, with its worth.

    What the entries around are worth is reckoned, not counted: the machine links from the guard's own ``unlike_from``
    on, below a person looks. Where nothing around speaks for one child, and no number, that is never a link by
    itself: a person looks from ``unlike_from`` on, and from even odds on where neither name contradicts the other; else
    the pair stays forbidden. Pairs whose entries a chain of one name joins are left to their own score.
    """
    asked = np.flatnonzero(guarded.held_by("twins"))
    if not len(asked):
        return
    gathered = _gather(seen, scores, guarded)
    one, other = gathered[seen.left[asked]], gathered[seen.right[asked]]
    apart = one != other
    guarded.replace(asked[~apart], "none")
    asked, one, other = asked[apart], one[apart], other[apart]
    twins, their = seen.of(asked), scores.of(asked)
    pairs, place = np.unique(np.minimum(one, other) << 32 | np.maximum(one, other), return_inverse=True)
    sides = (pairs >> 32, pairs & 0xFFFFFFFF)
    around = _around(seen, scores, gathered, sides, parameters)
    total = _own_evidence(twins, their, place, len(pairs)) + around
    has_number = number_in_common(twins)
    numbered, may_be_one = (
        np.isin(np.arange(len(pairs)), place[where])
        for where in (has_number, np.isin(twins.levels["name"], _MAY_BE_ONE))
    )
    alone, unlikely = ~numbered & (around <= 0), total < parameters["unlike_from"]
    total[(total >= scores.link_from) & (alone | unlikely)] = (scores.review_from + scores.link_from) / 2
    total[alone & unlikely & ~may_be_one | np.isin(pairs, _held_apart(seen, guarded, gathered, sides))] = -np.inf
    likely = total[place] >= scores.review_from
    guarded.replace(asked[likely], "one_child")
    guarded.worth[asked[likely]] = (total[place] - their.score)[likely]
    guarded.replace(asked[likely & (twins.levels["tables"] == SourceLevel.ONCE)], "once_per_period")
    guarded.replace(asked[likely & has_number & _contested(seen, guarded, twins)], "twin_number")


def _contested(seen: Seen, guarded: Guarded, twins: Seen) -> Flags:
    """Pairs of which one entry's name and birth date are also known under another number."""
    two = seen.of(guarded.held_by("two_numbers") | guarded.held_by("numbers_near"))
    twice = (two.levels["name"] >= NameLevel.SAME_SOUND) & (two.levels["birth"] == BirthLevel.EQUAL)
    known = np.zeros(seen.profiles.size, dtype=bool)
    known[two.left[twice]] = known[two.right[twice]] = True
    found: Flags = known[twins.left] | known[twins.right]
    return found


def number_in_common(seen: Seen) -> Flags:
    """Whether a pair has a citizen's, a certificate's or a department's number in common, verified or not."""
    common: Flags = seen.levels["number"] >= NumberLevel.UNVERIFIED_EQUAL
    common |= seen.levels["own_number"] == OwnNumberLevel.EQUAL
    return common


def _gather(seen: Seen, scores: Scores, guarded: Guarded) -> Ints:
    """By profile, the gathering it is in: profiles linked under spellings of one name."""
    held = guarded.has(Effect.FORBID) | guarded.has(Effect.ALWAYS_ASK)
    linked = np.flatnonzero((scores.score >= scores.link_from) & ~held)
    linked = linked[seen.levels.of(linked)["name"] >= _ONE_NAME]
    size = seen.profiles.size
    edges = (np.ones(len(linked), dtype=np.int8), (seen.left[linked], seen.right[linked]))
    _, label = connected_components(coo_matrix(edges, shape=(size, size)), directed=False)
    found: Ints = label.astype(np.int64)
    return found


def _own_evidence(twins: Seen, scores: Scores, place: Ints, many: int) -> Floats:
    """The best score between two gatherings, as if from two tables; of pairs of two sexes, where there are any.

    ``scores``: of the twins; ``place``: which two gatherings each pair is of.
    """
    tables = scores.against["tables"]
    score = scores.score - tables[twins.levels["tables"]] + tables[SourceLevel.OTHER]
    of_two_sexes = twins.levels["sex"] == EqualLevel.DIFFERENT
    best, best_of_two = np.full(many, -np.inf), np.full(many, -np.inf)
    np.maximum.at(best, place, score)
    np.maximum.at(best_of_two, place[of_two_sexes], score[of_two_sexes])
    return np.where(np.isfinite(best_of_two), best_of_two, best)


def _held_apart(seen: Seen, guarded: Guarded, gathered: Ints, sides: Sequence[Ints]) -> Ints:
    """Pairs of gatherings that another guard than ``twins`` forbids to be one child; both are among the sides."""
    is_asked = np.zeros(int(gathered.max(initial=-1)) + 1, dtype=bool)
    for side in sides:
        is_asked[side] = True
    index = np.flatnonzero(guarded.has(Effect.FORBID) & ~guarded.held_by("twins"))
    index = index[is_asked[gathered[seen.left[index]]]]
    one, other = gathered[seen.left[index]], gathered[seen.right[index]]
    both = is_asked[other]
    return np.unique(np.minimum(one, other)[both] << 32 | np.maximum(one, other)[both])


def _around(seen: Seen, scores: Scores, gathered: Ints, sides: Sequence[Ints], parameters: Parameters) -> Floats:
    """What the tables of two gatherings say of their being one child's, in log2 odds."""
    profiles, tables = seen.profiles, scores.against["tables"]
    names = profiles.table_names
    knows = np.zeros((int(gathered.max()) + 1, len(names)), dtype=bool)
    knows[gathered, profiles.table] = True
    entries = np.bincount(gathered, weights=profiles[ENTRIES])
    year = _year(profiles, gathered)
    known = _known(knows, year)[year[sides[0]]]
    one, other = knows[sides[0]], knows[sides[1]]
    absent = (-np.log2(1 - known) * (one != other)).sum(axis=1)
    both = np.array([tables[_kind(name, seen)] for name in names])
    together = ((one & other) * (both - tables[SourceLevel.OTHER])).sum(axis=1)
    again = np.minimum(entries[sides[0]], entries[sides[1]]) - 1
    found: Floats = np.minimum(absent, parameters["absent_at_most"]) + together - again * parameters["again"]
    return found


def _kind(table: str, seen: Seen) -> SourceLevel:
    if table in seen.once:
        return SourceLevel.ONCE
    return SourceLevel.ONE_ROW if table in seen.one_row else SourceLevel.REPEATING


def _year(profiles: Profiles, gathered: Ints) -> Ints:
    """By gathering, the latest year of birth in it, counted from the first of all; 0 where none is known."""
    born_on = profiles[BORN_ON]
    years = np.where(born_on == NO_DATE, 0, born_on).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    years = np.where(born_on == NO_DATE, 0, years - years.min(initial=0) + 1)
    found = np.zeros(int(gathered.max()) + 1, dtype=np.int64)
    np.maximum.at(found, gathered, years)
    return found


def _known(knows: Flags, year: Ints) -> Floats:
    """By year of birth and table: the share of children known to another table whom it knows too.

    What was never linked counts as a child of its own, so that tables are held to know fewer than they do.
    """
    many = knows.sum(axis=1)
    known = np.zeros((int(year.max()) + 1, knows.shape[1]))
    for table in range(knows.shape[1]):
        elsewhere = many - knows[:, table] > 0
        of_year = np.bincount(year[elsewhere], minlength=len(known))
        both = np.bincount(year[elsewhere & knows[:, table]], minlength=len(known))
        known[:, table] = both / np.maximum(of_year, 1)
    return np.minimum(known, _MOST_KNOWN)
