"""What a model file says of one field: the kind of its comparison, the columns it reads, its named levels."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Level(BaseModel):
    """How often a level is seen in each class, and, for kinds whose levels are drawn by the model, where it begins.

    ``same``, ``household``: as stated, a start and a weak prior of the estimation. ``other`` None: counted in the data;
    ``other_at_least``: counted, but held for no rarer than this. ``fixed``: classes that keep the share stated.
    The others are conditions of a level, in the words of its kind: ``similarity`` and ``overlap`` at least, ``edits``
    and ``within`` at most, ``crossed_with`` another column.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    same: float | None = Field(default=None, gt=0, le=1)
    household: float | None = Field(default=None, gt=0, le=1)
    other: float | None = Field(default=None, gt=0, le=1)
    other_at_least: float | None = Field(default=None, gt=0, le=1)
    fixed: tuple[Literal["same", "household"], ...] = ()
    similarity: float | None = Field(default=None, gt=0, le=1)
    overlap: float | None = Field(default=None, gt=0, le=1)
    edits: int | None = Field(default=None, gt=0)
    within: float | None = Field(default=None, gt=0)
    crossed_with: str | None = None

    def conditions(self) -> dict[str, float | str]:
        """The conditions that are stated, by name."""
        named = ("similarity", "overlap", "edits", "within", "crossed_with")
        return {name: getattr(self, name) for name in named if getattr(self, name) is not None}


class FieldSpec(BaseModel):
    """One field of a comparison.

    ``levels`` rise from the worst to the best. ``frequency``: a rare value that agrees says more than a common one.
    ``neutral_where``: levels of other fields beside which this one says nothing. ``of_family``: it can't tell a
    family's children apart, so that the classes of one child and of a household share one estimate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    of: tuple[str, ...] = ()
    measure: str | None = None
    frequency: bool = False
    of_family: bool = False
    neutral_where: dict[str, tuple[str, ...]] = {}
    levels: dict[str, Level]

    @property
    def level_names(self) -> tuple[str, ...]:
        """Names by code; 0 is ``missing``: a value that isn't there is no evidence either way."""
        return ("missing", *self.levels)

    @property
    def crossed_with(self) -> tuple[str, ...]:
        """Other columns it looks at, to see whether values have changed places."""
        return tuple(sorted({level.crossed_with for level in self.levels.values() if level.crossed_with}))
