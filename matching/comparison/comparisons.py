"""The comparisons of a model one after another: of all the columns that they read only one comparison's are held."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from matching import statement
from matching.comparison.columns import Column
from matching.comparison.comparison import Commonness, Comparison, Setting
from matching.comparison.kinds import KINDS
from matching.comparison.spec import FieldSpec


class Comparisons:
    """The comparisons of ``specs``, by field; the last one asked for is held.

    What each knows of how common values are stays. ``threads``: as many as may compare at once.
    """

    def __init__(
        self,
        specs: Mapping[str, FieldSpec],
        make: Callable[[str], Comparison],
        give_back: Callable[[], None] = lambda: None,
        threads: int = 1,
    ) -> None:
        self.specs = specs
        self.threads = threads
        self._make = make
        self._give_back = give_back
        self._last: Comparison | None = None
        self._commonness: dict[str, dict[int, Commonness]] = {}
        self._chance: dict[str, dict[int, float]] = {}

    def __getitem__(self, field: str) -> Comparison:
        """The comparison of a field; the one asked for before is given back."""
        if self._last is None or self._last.name != field:
            self.rest()
            self._last = self._made(field)
        return self._last

    def together(self) -> dict[str, Comparison]:
        """All of them, for who needs them at one time."""
        self.rest()
        return {field: self._made(field) for field in self.specs}

    def rest(self) -> None:
        """Hold no comparison."""
        if self._last is not None:
            self._last = None
            self._give_back()

    def commonness(self, field: str) -> dict[int, Commonness]:
        """By level of a field, how common the values are that agree at it."""
        if field not in self._commonness:
            self[field]
        return self._commonness[field]

    def chance(self, field: str) -> dict[int, float]:
        """By level of a field, how often strangers show it, where value counts say."""
        if field not in self._chance:
            self[field]
        return self._chance[field]

    def _made(self, field: str) -> Comparison:
        made = self._make(field)
        self._commonness[field], self._chance[field] = made.commonness(), made.chance()
        return made

    @property
    def in_order(self) -> list[str]:
        """The fields, those that others look at before these."""
        order: dict[str, None] = {}

        def put(field: str) -> None:
            spec = self.specs[field]
            for beside in (*KINDS[spec.kind].beside, *spec.neutral_where):
                put(beside)
            order[field] = None

        for field in self.specs:
            put(field)
        return [*order]


def of_model(specs: Mapping[str, FieldSpec], setting: Setting, kept: Collection[Column] = ()) -> Comparisons:
    """Comparisons made when they are asked for. ``kept``: columns that stay, once laid out."""

    def give_back() -> None:
        setting.profiles.forget(kept)
        statement.give_back()

    return Comparisons(
        specs, lambda name: KINDS[specs[name].kind](name, specs[name], setting), give_back, setting.threads
    )


def of_made(made: Mapping[str, Comparison]) -> Comparisons:
    """Comparisons that are there already."""
    specs = {name: comparison.spec for name, comparison in made.items()}
    return Comparisons(specs, made.__getitem__, threads=next(iter(made.values())).setting.threads)
