"""Links into clusters: best edge first under constraints, so that one bad edge can't chain two children."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.comparison.columns import Index

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_EVIDENCE_CAP = 30.0


class Refusal(IntEnum):
    """Why a pair that the score would link wasn't."""

    MARGIN = 1
    CONTRADICTION = 2
    DECISION = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of profiles with a value each; ``left < right``."""

    left: Index
    right: Index
    score: Floats

    def where(self, chosen: Flags) -> Pairs:
        """Only the chosen pairs."""
        return Pairs(self.left[chosen], self.right[chosen], self.score[chosen])

    def among(self, profiles: Index) -> Pairs:
        """The pairs of these profiles, which rise, by places among them."""
        inside = self.where(np.isin(self.left, profiles) & np.isin(self.right, profiles))
        left, right = (np.searchsorted(profiles, side).astype(np.int32) for side in (inside.left, inside.right))
        return Pairs(left, right, inside.score)


NO_PAIRS = Pairs(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Profiled:
    """What clusters may not hold two of, by profile; 0 is none. ``entries``: how many entries a profile stands for."""

    number: npt.NDArray[np.int64]
    once: npt.NDArray[np.int64]
    entries: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Constraints:
    """Bounds on clusters, and people's decisions, which come before everything.

    ``excused``: two rows of a table that holds a person once which agree so well that the score would have linked them.
    A person is asked about the pair; other entries may still bring the two together.
    """

    entries_at_most: int
    margin: float
    must: list[tuple[int, int]]
    must_not: list[tuple[int, int]]
    excused: frozenset[tuple[int, int]] = frozenset()

    def among(self, profiles: Index) -> Constraints:
        """The same by places among these profiles, which rise, as far as they lie here."""
        return replace(
            self,
            must=_places(profiles, self.must),
            must_not=_places(profiles, self.must_not),
            excused=frozenset(_places(profiles, [*self.excused])),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What clusters are made from.

    ``links``: pairs the score and guards would link. ``forbidden``: pairs never to be in one cluster. ``unlikely``:
    pairs whose score speaks against one child; their evidence is weighed against the links'. ``profiled`` has a row a
    profile.
    """

    links: Pairs
    forbidden: Pairs
    unlikely: Pairs
    profiled: Profiled
    constraints: Constraints

    @property
    def size(self) -> int:
        """How many profiles there are."""
        return len(self.profiled.entries)

    def among(self, profiles: Index) -> Evidence:
        """The same by places among these profiles, which rise, as far as it lies here."""
        known = self.profiled
        return Evidence(
            self.links.among(profiles),
            self.forbidden.among(profiles),
            self.unlikely.among(profiles),
            Profiled(known.number[profiles], known.once[profiles], known.entries[profiles]),
            self.constraints.among(profiles),
        )


@dataclass(frozen=True, slots=True)
class Clusters:
    """``cluster``: by profile, the least profile of its cluster. ``refused``: pairs left unlinked, with the reason."""

    cluster: Index
    refused: list[tuple[int, int, Refusal]]
    constrained: int


def cluster(evidence: Evidence, carried: Pairs | None = None) -> Clusters:
    """Cluster profiles.

    Components of links in which nothing conflicts merge as they are; only the others are agglomerated, best edge first,
    ties by profile. ``carried``: pairs that an earlier period held for one child, with what that is worth; they come
    last and join what the links left apart, under the same constraints.
    """
    carried = carried or NO_PAIRS
    label = components_of(evidence, carried)
    conflicted = _conflicted(label, evidence)
    inside = conflicted[label]
    found = _least(label)[label]
    members = np.flatnonzero(inside)
    if not len(members):
        return Clusters(found, [], 0)

    def within(pairs: Pairs) -> Pairs:
        return pairs.where(inside[pairs.left] & (label[pairs.left] == label[pairs.right]))

    held = replace(
        evidence,
        links=within(evidence.links),
        forbidden=within(evidence.forbidden),
        unlikely=within(evidence.unlikely),
    )
    if evidence.constraints.must:
        held = _reconciled(components_of(evidence, NO_PAIRS), members, held)
    step = _Agglomeration(members, held)
    step.decide()
    step.agglomerate()
    step.carry(carried.where(inside[carried.left]))
    for cluster_members in step.members.values():
        found[cluster_members] = min(cluster_members)
    return Clusters(found, sorted(step.refused), int(conflicted.sum()))


def components_of(evidence: Evidence, carried: Pairs) -> Index:
    """By profile, the component it is in: what links, people's judgements or carried pairs join."""
    must = np.array(evidence.constraints.must, dtype=np.int32).reshape(-1, 2)
    left = np.concatenate([evidence.links.left, must[:, 0], carried.left])
    right = np.concatenate([evidence.links.right, must[:, 1], carried.right])
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(evidence.size, evidence.size))
    found: Index = connected_components(graph, directed=False)[1].astype(np.int32)
    return found


def _least(label: Index) -> Index:
    """By component, the least profile in it."""
    least = np.zeros(int(label.max(initial=-1)) + 1, dtype=np.int32)
    least[label[::-1]] = np.arange(len(label) - 1, -1, -1, dtype=np.int32)
    return least


def _reconciled(label: Index, members: npt.NDArray[np.int64], evidence: Evidence) -> Evidence:
    """The evidence without what stands against one child within the clusters that people said are one.

    Who says that an entry of one cluster and an entry of another are the same child says so of the clusters: what a
    guard or a score holds against other entries of the two is answered. Not where the clusters hold two numbers, or two
    rows of a table that holds a person once: then the judgement is about the two entries. ``label``: by profile, the
    component of links; others than those with a judgement stay as they are.
    """
    judged = np.isin(label, label[np.array(evidence.constraints.must, dtype=np.int32).ravel()])
    held = replace(
        evidence,
        links=evidence.links.where(judged[evidence.links.left]),
        forbidden=evidence.forbidden.where(judged[evidence.forbidden.left]),
        unlikely=evidence.unlikely.where(judged[evidence.unlikely.left]),
        constraints=replace(evidence.constraints, must=[]),
    )
    step = _Agglomeration(members[judged[members]], held)
    step.agglomerate()
    step.reconcile(evidence.constraints.must)
    one_child = np.arange(evidence.size, dtype=np.int32)
    for root, cluster_members in step.members.items():
        one_child[cluster_members] = root

    def across(pairs: Pairs) -> Pairs:
        return pairs.where(one_child[pairs.left] != one_child[pairs.right])

    return replace(evidence, forbidden=across(evidence.forbidden), unlikely=across(evidence.unlikely))


def _places(profiles: Index, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs by places among profiles, which rise; of those that lie here."""
    wanted = np.array(pairs, np.int64).reshape(-1, 2)
    place = np.minimum(np.searchsorted(profiles, wanted), len(profiles) - 1)
    here = (profiles[place] == wanted).all(axis=1)
    return [(left, right) for left, right in place[here].tolist()]


def _conflicted(label: Index, evidence: Evidence) -> Flags:
    """By component: whether anything in it forbids merging it whole."""
    profiled, constraints = evidence.profiled, evidence.constraints
    many = int(label.max(initial=-1)) + 1
    conflicted = np.zeros(many, dtype=bool)
    for pairs in (evidence.forbidden, evidence.unlikely):
        together = label[pairs.left] == label[pairs.right]
        conflicted[label[pairs.left[together]]] = True
    for left, right in constraints.must_not:
        if label[left] == label[right]:
            conflicted[label[left]] = True
    for left, _ in constraints.must:
        conflicted[label[left]] = True
    held = np.flatnonzero(profiled.number)
    least, most = np.full(many, np.iinfo(np.int64).max), np.zeros(many, dtype=np.int64)
    np.minimum.at(least, label[held], profiled.number[held])
    np.maximum.at(most, label[held], profiled.number[held])
    conflicted[least < most] = True
    for table in range(1, int(profiled.once.max(initial=0)) + 1):
        conflicted[np.bincount(label[profiled.once == table], minlength=many) > 1] = True
    conflicted[np.bincount(label, weights=profiled.entries, minlength=many) > constraints.entries_at_most] = True
    return conflicted


class _Agglomeration:
    """The constrained step over the profiles of conflicted components."""

    def __init__(self, profiles: npt.NDArray[np.int64], evidence: Evidence) -> None:
        profiled, constraints = evidence.profiled, evidence.constraints
        links, forbidden = evidence.links, evidence.forbidden
        held = [int(profile) for profile in profiles]
        self.root = {profile: profile for profile in held}
        self.members = {profile: [profile] for profile in held}
        self.numbers = {profile: {int(profiled.number[profile])} - {0} for profile in held}
        self.table = {profile: int(profiled.once[profile]) for profile in held}
        self.once = {profile: {int(profiled.once[profile])} - {0} for profile in held}
        self.entries = {profile: int(profiled.entries[profile]) for profile in held}
        self.enemies: dict[int, set[int]] = defaultdict(set)
        self.decided: dict[int, set[int]] = defaultdict(set)
        self.evidence: dict[tuple[int, int], float] = {}
        self.refused: set[tuple[int, int, Refusal]] = set()
        self.constraints = constraints
        for left, right in zip(forbidden.left.tolist(), forbidden.right.tolist(), strict=True):
            self.enemies[left].add(right)
            self.enemies[right].add(left)
        for left, right in constraints.must_not:
            if left in self.root and right in self.root:
                self.decided[left].add(right)
                self.decided[right].add(left)
        for pairs in (links, evidence.unlikely):
            for left, right, score in zip(pairs.left.tolist(), pairs.right.tolist(), pairs.score.tolist(), strict=True):
                self.evidence[left, right] = max(min(score, _EVIDENCE_CAP), -_EVIDENCE_CAP)
        order = np.lexsort((links.right, links.left, -links.score))
        self.edges = list(
            zip(links.left[order].tolist(), links.right[order].tolist(), links.score[order].tolist(), strict=True)
        )

    def decide(self) -> None:
        """Join what people said is the same child, unless people also said that it isn't."""
        for left, right in sorted(self.constraints.must):
            a, b = self._find(left), self._find(right)
            if a == b:
                continue
            if self._is_decided_apart(a, b):
                self.refused.add((left, right, Refusal.DECISION))
                continue
            self._join(a, b)

    def reconcile(self, must: list[tuple[int, int]]) -> None:
        """Join the clusters of pairs that people said are the same child, where that puts no two children together."""
        for left, right in sorted(must):
            a, b = self._find(left), self._find(right)
            if a != b and not self._clash(a, b) and not self._is_decided_apart(a, b):
                self._join(a, b)

    def agglomerate(self) -> None:
        """Join by the best edge first; what a constraint refuses is kept with its reason."""
        uncertain = self._near_rivals()
        for left, right, score in self.edges:
            a, b = self._find(left), self._find(right)
            if a == b:
                continue
            if score <= max(uncertain.get(left, -np.inf), uncertain.get(right, -np.inf)):
                self.refused.add((left, right, Refusal.MARGIN))
            elif self._conflict(a, b):
                self.refused.add((left, right, Refusal.CONTRADICTION))
            else:
                self._join(a, b)
        self.refused = {pair for pair in self.refused if self._find(pair[0]) != self._find(pair[1])}

    def carry(self, carried: Pairs) -> None:
        """Join what an earlier period held for one child and the links left apart, where nothing speaks against it.

        A conflict needs no person: this period's evidence stands, and the split is told as an event.
        """
        order = np.lexsort((carried.right, carried.left, -carried.score))
        columns = (carried.left[order].tolist(), carried.right[order].tolist(), carried.score[order].tolist())
        for left, right, worth in zip(*columns, strict=True):
            a, b = self._find(left), self._find(right)
            if a != b and not self._conflict(a, b, worth):
                self._join(a, b)
        self.refused = {pair for pair in self.refused if self._find(pair[0]) != self._find(pair[1])}

    def _near_rivals(self) -> dict[int, float]:
        """Profiles whose best link has a rival that can't be the same child and is as good within the margin.

        By profile, the score up to which its links are uncertain.
        """
        links: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for left, right, score in self.edges:
            links[left].append((score, right))
            links[right].append((score, left))
        uncertain: dict[int, float] = {}
        for profile, held in links.items():
            best_score, best = held[0]
            for score, rival in held[1:]:
                if score < best_score - self.constraints.margin:
                    break
                if self._apart(best, rival):
                    uncertain[profile] = best_score
                    break
        return uncertain

    def _apart(self, one: int, other: int) -> bool:
        """Whether two profiles can't be one child; two rows of a table that holds a person once still may."""
        if other in self.enemies[one] or other in self.decided[one]:
            return True
        return _clash(self.numbers[self._find(one)], self.numbers[self._find(other)])

    def _conflict(self, a: int, b: int, worth: float = 0.0) -> bool:
        """Whether two clusters can't be one child; ``worth`` is what speaks for it beside their pairs."""
        if self._clash(a, b):
            return True
        mine, theirs = self.members[a], self.members[b]
        total = worth
        for one in mine:
            if self.enemies[one].intersection(theirs) or self.decided[one].intersection(theirs):
                return True
            for other in theirs:
                total += self.evidence.get((one, other) if one < other else (other, one), 0.0)
        return total < 0

    def _clash(self, a: int, b: int) -> bool:
        """Whether two clusters together would hold two numbers, two rows of a table that holds a person once, or more
        entries than a child has.
        """
        if _clash(self.numbers[a], self.numbers[b]):
            return True
        if self.once[a] & self.once[b] and self._two_rows(self.members[a], self.members[b]):
            return True
        return self.entries[a] + self.entries[b] > self.constraints.entries_at_most

    def _is_decided_apart(self, a: int, b: int) -> bool:
        return any(self.decided[profile].intersection(self.members[b]) for profile in self.members[a])

    def _two_rows(self, mine: list[int], theirs: list[int]) -> bool:
        """Whether the clusters would hold two rows of a table that holds a person once, which nothing excuses."""
        return any(
            self.table[one] == self.table[other] and (min(one, other), max(one, other)) not in self.constraints.excused
            for one in mine
            if self.table[one]
            for other in theirs
        )

    def _find(self, profile: int) -> int:
        while self.root[profile] != profile:
            self.root[profile] = self.root[self.root[profile]]
            profile = self.root[profile]
        return profile

    def _join(self, a: int, b: int) -> None:
        keep, gone = (a, b) if (len(self.members[a]), -a) >= (len(self.members[b]), -b) else (b, a)
        self.root[gone] = keep
        self.members[keep] += self.members.pop(gone)
        self.numbers[keep] |= self.numbers.pop(gone)
        self.once[keep] |= self.once.pop(gone)
        self.entries[keep] += self.entries.pop(gone)


def _clash(mine: set[int], theirs: set[int]) -> bool:
    """Two numbers that no decision has put into one cluster before."""
    return len(mine | theirs) > max(len(mine), len(theirs), 1)
