"""Whether answers fit together: A is B and B isn't C, so A isn't C. What doesn't fit goes back to a person.

A key that several children bear (siblings in one household, none with a number) says nothing here, since two answers
that name it may be about two children.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from warehouse.stores import decisions
from warehouse.stores.decisions import EntryKey, Judgement, Kept, Pair


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer about a pair that is being given."""

    left: EntryKey
    right: EntryKey
    judgement: Judgement

    @property
    def pair(self) -> Pair:
        """Its entries in the order of pairs."""
        return decisions.pair(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Step:
    """One answer of those that don't fit. Without a steward it is the one being given."""

    left: EntryKey
    right: EntryKey
    judgement: Judgement
    decision_id: int | None = None
    verdict_id: int | None = None
    steward: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two entries that are different children by one answer and the same child by a chain of others."""

    different: Step
    same: tuple[Step, ...]  # from one of the two to the other


def reached(
    connection: sa.Connection, given: Sequence[Judged], shared: Collection[EntryKey] = ()
) -> Mapping[Pair, Kept]:
    """All that holds of the entries of these answers, and of those that are the same child as they."""
    found: dict[Pair, Kept] = {}
    seen: set[EntryKey] = set(shared)
    edge = {entry for each in given for entry in each.pair} - seen
    while edge:
        held = decisions.about(connection, edge)
        found |= held
        seen |= edge
        edge = {entry for pair, kept in held.items() if kept.decision.judgement == "SAME" for entry in pair} - seen
    return found


def contradictions(
    held: Mapping[Pair, Kept], given: Sequence[Judged], shared: Collection[EntryKey] = ()
) -> tuple[Contradiction, ...]:
    """What the answers that hold and those being given make impossible; not what was so before them.

    An answer being given stands in place of the one that held of its pair. ``held``: what they :func:`reached`.
    ``shared``: keys of several children.
    """
    new = {each.pair: Step(*each.pair, each.judgement) for each in given}
    old = {pair: _step(kept) for pair, kept in held.items() if pair not in new}
    steps = {pair: step for pair, step in (old | new).items() if not set(pair) & set(shared)}
    before = _neighbours(step for pair, step in steps.items() if pair in old)
    now = _neighbours(steps.values())
    found = []
    for pair, step in steps.items():
        if step.judgement != "DIFFERENT" or (pair in old and _chain(before, *pair)):
            continue
        if chain := _chain(now, *pair):
            found.append(Contradiction(step, chain))
    return tuple(found)


def reaches_others(
    held: Mapping[Pair, Kept],
    given: Sequence[Judged],
    looked_at: Collection[EntryKey],
    shared: Collection[EntryKey] = (),
) -> bool:
    """Whether a SAME joins entries that its steward didn't look at, through a SAME that holds of another case.

    ``held``: what the answers :func:`reached`.
    """
    neighbours = _neighbours(map(_step, held.values()))
    joined: set[EntryKey] = set(shared)
    edge = {entry for each in given if each.judgement == "SAME" for entry in each.pair} - joined
    while edge:
        joined |= edge
        edge = {other for entry in edge for other, _ in neighbours.get(entry, ())} - joined
    return bool(joined - {*looked_at, *shared, *(entry for each in given for entry in each.pair)})


def _step(kept: Kept) -> Step:
    made = kept.decision
    return Step(made.left, made.right, made.judgement, kept.id, made.verdict_id, made.steward, made.decided_at)


def _neighbours(steps: Iterable[Step]) -> dict[EntryKey, list[tuple[EntryKey, Step]]]:
    found: dict[EntryKey, list[tuple[EntryKey, Step]]] = {}
    for step in steps:
        if step.judgement == "SAME":
            found.setdefault(step.left, []).append((step.right, step))
            found.setdefault(step.right, []).append((step.left, step))
    return found


def _chain(
    neighbours: Mapping[EntryKey, list[tuple[EntryKey, Step]]], start: EntryKey, end: EntryKey
) -> tuple[Step, ...]:
    """The shortest chain of SAME between two entries; empty where there is none."""
    came: dict[EntryKey, tuple[Step, ...]] = {start: ()}
    queue = deque([start])
    while queue:
        entry = queue.popleft()
        for other, step in neighbours.get(entry, ()):
            if other not in came:
                came[other] = (*came[entry], step)
                if other == end:
                    return came[other]
                queue.append(other)
    return ()
