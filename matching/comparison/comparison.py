"""What every comparison of two profiles is: columns in, a code of one of its named levels out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar

import duckdb
import numpy as np

from matching.comparison.coding import Coding
from matching.comparison.columns import Column, Floats, Index, Ints, Levels, Places, Profiles, Values
from matching.comparison.spec import FieldSpec


class SpecError(ValueError):
    """A model file asks for a comparison that can't be; the message says what was expected and found."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many profiles bear each value; values are sorted."""

    values: Values
    profiles: Ints


@dataclass(frozen=True, slots=True)
class Setting:
    """What comparisons know beside their columns.

    ``population``: profiles among which chance agreements are counted. ``rows_each``: profiles one thing is expected
    to have. ``generic_from``: so many different names at one value make it no evidence. ``once`` and ``one_row``:
    sources that hold a thing once, or one row a thing. ``threads``: as many as DuckDB may use. ``kept``: frequencies
    that the model version in force was trained with, by kind; ``counted``: how many profiles they count, where kept.
    """

    con: duckdb.DuckDBPyConnection
    profiles: Profiles
    population: int
    rows_each: float
    generic_from: int
    once: tuple[str, ...]
    one_row: tuple[str, ...]
    threads: int
    kept: Mapping[str, Frequencies] = field(default_factory=dict)
    counted: int | None = None

    @property
    def profiles_counted(self) -> int:
        """How many profiles stand behind the frequencies."""
        return self.profiles.size if self.counted is None else self.counted


@dataclass(frozen=True, slots=True)
class Commonness:
    """How often a stranger has the same value: by profile (0: no value), and on the whole."""

    by_profile: Floats
    overall: float


class Comparison(ABC):
    """One field of a model. Levels are codes into ``spec.level_names``; 0 is missing."""

    fixed: ClassVar[type[IntEnum] | None] = None
    """The kind's own levels; None where the model file draws them."""
    conditions: ClassVar[frozenset[str]] = frozenset()
    """The conditions by which a model file may draw levels."""
    measures: ClassVar[frozenset[str]] = frozenset()
    """What ``measure`` may be; the first stated one is used where none is."""
    beside: ClassVar[tuple[str, ...]] = ()
    """Fields that the model must have beside this one."""
    own_columns: ClassVar[tuple[Column, ...]] = ()
    """Columns a kind reads whatever the model says."""

    def __init__(self, name: str, spec: FieldSpec, setting: Setting) -> None:
        self.name = name
        self.spec = spec
        self.setting = setting
        self.profiles = setting.profiles
        for column in self.columns(spec):  # all is read now: another engine compares where there is no connection
            self.profiles[column]

    @classmethod
    def columns(cls, spec: FieldSpec) -> tuple[Column, ...]:
        """The columns of ``link.profile`` it reads."""
        return cls.own_columns

    @classmethod
    def check(cls, name: str, spec: FieldSpec) -> None:
        """Raise :class:`SpecError` where the model file asks what this kind can't do."""
        _check_levels(cls, name, spec)
        if not cls.own_columns and not spec.of:
            raise SpecError(f"fields.{name}: kind `{spec.kind}` compares columns; name them in `of`")
        if spec.measure is not None and spec.measure not in cls.measures:
            raise SpecError(f"fields.{name}.measure: `{spec.measure}` is none of {sorted(cls.measures)}")

    @abstractmethod
    def compare(self, batch: Batch) -> Levels:
        """Level of each pair of the batch."""

    def commonness(self) -> dict[int, Commonness]:
        """By level, how common the values are that agree at it; where that is known."""
        return {}

    def chance(self) -> dict[int, float]:
        """By level, how often strangers show it, as value counts say; where they do."""
        return {level: common.overall for level, common in self.commonness().items()}


class Batch:
    """Pairs (left[i], right[i]) being compared. ``code``: what is known of them so far, by ``coding``."""

    def __init__(self, coding: Coding, left: Index, right: Index, code: Ints) -> None:
        self._coding = coding
        self.code = code
        self.left: Places = left.astype(np.intp)  # numpy looks up twice as fast by these
        self.right: Places = right.astype(np.intp)

    def levels(self, field: str) -> Levels:
        """Level of each pair by a field that was compared before."""
        return self._coding.level(field, self.code)


def _check_levels(kind: type[Comparison], name: str, spec: FieldSpec) -> None:
    if kind.fixed is not None:
        expected = [level.name.lower() for level in kind.fixed if level != 0]
        if list(spec.levels) != expected:
            odd = sorted(set(expected) ^ set(spec.levels)) or "the order"
            raise SpecError(f"fields.{name} must state each of its levels once, {expected}; missing or unknown: {odd}")
    elif list(spec.levels)[:1] != ["different"] or list(spec.levels)[-1:] != ["equal"]:
        raise SpecError(
            f"fields.{name}.levels: the first must be `different`, the last `equal`, found {[*spec.levels]}"
        )
    inner = set(spec.levels) - {"different", "equal"} if kind.fixed is None else set()
    for level, stated in spec.levels.items():
        found = set(stated.conditions())
        if found - kind.conditions or (level not in inner and found):
            raise SpecError(
                f"fields.{name}.levels.{level}: `{sorted(found)}` can't be asked of kind `{spec.kind}` here"
            )
        if level in inner and not found:
            raise SpecError(f"fields.{name}.levels.{level}: say where it begins, by one of {sorted(kind.conditions)}")
