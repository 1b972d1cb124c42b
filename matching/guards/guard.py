"""What no score may overrule: pairs the machine must not link, or not without a person.

A model file names the guards it wants, the first that holds speaking; what each looks at is registered here by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import reduce

import numpy as np
import numpy.typing as npt

from matching.comparison.coding import LevelsByPattern
from matching.comparison.columns import Column, Flags, Floats, Index, Levels, Places, Profiles
from matching.comparison.comparison import SpecError
from matching.comparison.comparisons import Comparisons

Parameters = Mapping[str, float]


class Effect(Enum):
    """What a guard does to a pair it holds."""

    FORBID = auto()
    """Never one thing."""
    ALWAYS_ASK = auto()
    """A person decides, whatever the score; kept apart until then."""
    ASK = auto()
    """A person decides where the score would link."""
    EXCUSE = auto()
    """A worse guard was taken off, by what the entries around the pair are worth."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a guard may look at: the pairs, their levels, the columns, how common values are; sources of one row.

    ``counted``: how many profiles stand behind what the comparisons know of how common values are. ``once``: sources
    that hold a thing once; ``one_row``: that give a thing one row.
    """

    profiles: Profiles
    comparisons: Comparisons
    counted: int
    levels: LevelsByPattern
    left: Index | Places
    right: Index | Places
    once: tuple[str, ...]
    one_row: tuple[str, ...]

    def of(self, pairs: Places | Flags) -> Seen:
        """Some of the pairs."""
        return replace(self, levels=self.levels.of(pairs), left=self.left[pairs], right=self.right[pairs])


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of the pairs seen, and the bounds that settling goes by.

    ``against``: by field, what each level is worth against the nearest alternative, in log2 odds; ``chance``: how
    often strangers show it.
    """

    score: Floats
    against: Mapping[str, Floats]
    chance: Mapping[str, Floats]
    link_from: float
    review_from: float
    conflict_below: float

    def of(self, pairs: Places | Flags) -> Scores:
        """Of some of the pairs."""
        return replace(self, score=self.score[pairs])


class Guarded:
    """Which guard holds each pair: ``code`` is a place in ``words``, 0 for none.

    ``worth``: what the entries around a pair add to its score, in log2 odds.
    """

    def __init__(self, guards: Mapping[str, Guard], code: Levels) -> None:
        self.words = ("none", *guards)
        self.code = code
        self.worth = np.zeros(len(code))
        self._effects = {name: guard.effect for name, guard in guards.items()}

    def held_by(self, name: str) -> Flags:
        """Pairs that this guard holds; none where the model doesn't have it."""
        held: Flags = self.code == (self.words.index(name) if name in self.words else -1)
        return held

    def names_of(self, effect: Effect) -> tuple[str, ...]:
        """The guards of one effect."""
        return tuple(name for name, its in self._effects.items() if its is effect)

    def has(self, effect: Effect) -> Flags:
        """Pairs held by a guard of this effect."""
        return reduce(np.logical_or, map(self.held_by, self.names_of(effect)), np.zeros(len(self.code), dtype=bool))

    def replace(self, pairs: Flags | npt.NDArray[np.intp], name: str) -> None:
        """Put another guard, or ``none``, in the place of the one that held these pairs."""
        if name in self.words:
            self.code[pairs] = self.words.index(name)


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard.

    ``holds``: the pairs it holds, by itself; None for one that only another's settling brings about.
    ``beside``: what it looks at beside levels, true or false of a pair. ``one_by_one``: the pairs of which neither that
    nor their levels say whether it holds them; of others one pair tells for all that are alike in both.
    ``settle``: a second look, when every pair has a score and a guard: it may take its own guard off pairs.
    ``looks_around``: whether that look sees other pairs than the one; if not, its outcome holds as long as the pair.
    ``fields``: the fields, by kind of comparison, that the model must have; ``columns``: columns it reads;
    ``parameters``: what the model file must state for it.
    """

    effect: Effect
    holds: Callable[[Seen, Parameters], Flags] | None
    beside: tuple[Callable[[Seen], Flags], ...] = ()
    one_by_one: Callable[[Seen], Flags] | None = None
    settle: Callable[[Seen, Scores, Guarded, Parameters], None] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    parameters: frozenset[str] = frozenset()
    looks_around: bool = True


def of_one_source(seen: Seen) -> Flags:
    """Whether both rows come from one source, which holds a thing once."""
    profiles = seen.profiles
    is_once = np.array([name in seen.once for name in profiles.table_names], dtype=bool)
    left, right = profiles.table[seen.left], profiles.table[seen.right]
    held: Flags = (left == right) & is_once[left]
    return held


def once_per_period(seen: Seen, _: Parameters) -> Flags:
    """Two rows of one source that holds a thing once."""
    return of_one_source(seen)


def check(registry: Mapping[str, Guard], guards: Mapping[str, Parameters], fields: Mapping[str, str]) -> None:
    """Raise :class:`SpecError` where a model file names no guard, or one that lacks fields or parameters.

    ``fields``: the model's fields and the kind of each.
    """
    for name, stated in guards.items():
        if name not in registry:
            raise SpecError(f"guards.{name}: none of the guards there are, {sorted(registry)}")
        guard = registry[name]
        if set(stated) != guard.parameters:
            raise SpecError(f"guards.{name} must state {sorted(guard.parameters)}, found {sorted(stated)}")
        absent = {wanted: kind for wanted, kind in guard.fields.items() if fields.get(wanted) != kind}
        if absent:
            raise SpecError(f"guards.{name} looks at fields of these kinds, which the model lacks: {absent}")


def first(registry: Mapping[str, Guard], guards: Mapping[str, Parameters], seen: Seen, scores: Scores) -> Guarded:
    """The guard that holds each pair, before any has looked at other pairs than the one."""
    chosen = {name: registry[name] for name in guards}
    guarded = Guarded(chosen, np.zeros(len(seen.left), dtype=np.int8))
    for name, each in reversed(chosen.items()):
        if each.holds is not None:
            guarded.replace(each.holds(seen, guards[name]), name)
    for name, each in reversed(chosen.items()):
        if each.settle is not None and not each.looks_around:
            each.settle(seen, scores, guarded, guards[name])
    return guarded


def first_of_alike(
    registry: Mapping[str, Guard], guards: Mapping[str, Parameters], seen: Seen, scores: Scores, pattern: Places
) -> Levels:
    """The same as codes; of pairs that are alike in all that guards go by one is looked at. ``pattern``: of each pair.

    Pairs are many, patterns few; only those that guards look at one by one are looked at beside these.
    """
    chosen = [registry[name] for name in guards]
    beside = dict.fromkeys(look for each in chosen for look in each.beside)
    kind = pattern
    for look in beside:
        kind = kind << 1 | look(seen)
    example, alike = _examples(kind)
    of_examples = seen.of(example)
    found = first(registry, guards, of_examples, scores.of(example)).code[alike]
    doubtful = np.zeros(len(example), dtype=bool)
    for each in chosen:
        if each.one_by_one is not None:
            doubtful |= each.one_by_one(of_examples)
    asked = np.flatnonzero(doubtful[alike])
    found[asked] = first(registry, guards, seen.of(asked), scores.of(asked)).code
    return found


def _examples(kind: Places) -> tuple[Places, Places]:
    """A place of each kind, and by place which of these kinds it is. Looked up, since kinds are small numbers."""
    bound = int(kind.max(initial=-1)) + 1
    is_there = np.zeros(bound, dtype=bool)
    is_there[kind] = True
    kinds = np.flatnonzero(is_there)
    looked_up = np.empty(bound, dtype=np.intp)
    looked_up[kind] = np.arange(len(kind))
    example = looked_up[kinds]
    looked_up[kinds] = np.arange(len(kinds))
    return example, looked_up[kind]


def settle(
    registry: Mapping[str, Guard], guards: Mapping[str, Parameters], seen: Seen, scores: Scores, first_guard: Levels
) -> Guarded:
    """The guard that holds each pair, when those that look around have looked at all of them."""
    chosen = {name: registry[name] for name in guards}
    guarded = Guarded(chosen, first_guard.copy())
    for name, each in reversed(chosen.items()):
        if each.settle is not None and each.looks_around:
            each.settle(seen, scores, guarded, guards[name])
    return guarded
