"""Columns of ``link.profile`` as numpy arrays, one position a profile, so that a pair is two positions.

A comparison says which columns it reads; each is read and laid out when first asked for, and held until forgotten.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Index = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]
Levels = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Values = npt.NDArray[Any]

NUMBER_WIDTH = 18
NO_DATE = int(np.iinfo(np.int64).min)


@dataclass(frozen=True, slots=True)
class Column(ABC):
    """A column of ``link.profile``, by its name."""

    name: str

    def selected(self) -> dict[str, str]:
        """SQL expressions over ``link.profile``, by the name of the column each gives."""
        return {self.name: self.name}

    @abstractmethod
    def lay_out(self, table: pa.Table) -> Values:
        """The array, of the selected columns of ``table``."""


class Hash(Column):
    """64-bit hashes; 0 for no value."""

    def selected(self) -> dict[str, str]:
        """As unsigned integers."""
        return {self.name: f"{self.name}::ubigint"}

    def lay_out(self, table: pa.Table) -> Keys:
        """One hash a profile."""
        return _numpy(table, self.name, 0)


@dataclass(frozen=True, slots=True)
class HashList(Column):
    """The first ``many`` of a list of hashes; rows of a matrix, padded with 0."""

    many: int

    def selected(self) -> dict[str, str]:
        """As unsigned integers."""
        return {self.name: f"{self.name}::ubigint[]"}

    def lay_out(self, table: pa.Table) -> Keys:
        """One row a profile."""
        return _first(table.column(self.name), self.many, np.zeros(1, np.uint64))


class Code(Column):
    """Any value as a code, equal values alike; 0 for none. A column of hashes is its own code."""

    def lay_out(self, table: pa.Table) -> Values:
        """One code a profile."""
        column = table.column(self.name)
        if pa.types.is_unsigned_integer(column.type):
            return _numpy(table, self.name, 0)
        encoded = column.combine_chunks().dictionary_encode()
        codes: Index = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32) + 1
        return codes


class Id(Column):
    """An integer id; -1 for none."""

    def lay_out(self, table: pa.Table) -> Index:
        """One id a profile."""
        return _numpy(table, self.name, -1).astype(np.int32)


class Flag(Column):
    """True or false; false where it isn't known."""

    def lay_out(self, table: pa.Table) -> Flags:
        """One flag a profile."""
        return _numpy(table, self.name, False).astype(bool)


class Count(Column):
    """A whole number; 0 where it isn't known."""

    def lay_out(self, table: pa.Table) -> Ints:
        """One number a profile."""
        return _numpy(table, self.name, 0).astype(np.int64)


class Amount(Column):
    """A quantity; NaN where it isn't known."""

    def selected(self) -> dict[str, str]:
        """As floating-point numbers; what can't be read as one isn't known."""
        return {self.name: f"try_cast({self.name} as double)"}

    def lay_out(self, table: pa.Table) -> Floats:
        """One quantity a profile."""
        return _numpy(table, self.name, float("nan")).astype(np.float64)


class Day(Column):
    """Days since 1970; ``NO_DATE`` where there is no date."""

    def selected(self) -> dict[str, str]:
        """As dates; text is read in the order year, month, day."""
        return {self.name: f"try_cast({self.name} as date)"}

    def lay_out(self, table: pa.Table) -> Ints:
        """One day a profile."""
        return _days(table, self.name)


@dataclass(frozen=True, slots=True)
class DayList(Column):
    """The first ``many`` of a list of days; rows of a matrix, padded with ``NO_DATE``."""

    many: int

    def lay_out(self, table: pa.Table) -> Ints:
        """One row a profile."""
        return _first(table.column(self.name), self.many, np.full(1, NO_DATE))


@dataclass(frozen=True, slots=True)
class Word(Column):
    """A word out of a few, as its code; 0 for any other and for none."""

    codes: tuple[tuple[str, int], ...]

    def lay_out(self, table: pa.Table) -> Levels:
        """One code a profile."""
        known = dict(self.codes)
        encoded = table.column(self.name).combine_chunks().dictionary_encode()
        lookup = np.array([known.get(word, 0) for word in encoded.dictionary.to_pylist()] + [0], dtype=np.int8)
        found: Levels = lookup[encoded.indices.fill_null(len(lookup) - 1).to_numpy(zero_copy_only=False)]
        return found


class Number(Column):
    """A number as 18 bytes, empty where there is none. What isn't ASCII can't be a number and is left out."""

    def selected(self) -> dict[str, str]:
        """Padded to the width, so that the bytes can be taken as they are; not where it fits: that takes longer."""
        size, width = f"length({self.name})", NUMBER_WIDTH
        is_ascii = f"strlen({self.name}) = {size}"
        padded = f"rpad(left({self.name}, {width}), {width}, ' ')"
        text = f"case when {size} = {width} then {self.name} else {padded} end"
        return {self.name: f"case when {is_ascii} then {text} else '{' ' * width}' end"}

    def lay_out(self, table: pa.Table) -> npt.NDArray[np.bytes_]:
        """One number a profile."""
        fixed = table.column(self.name).combine_chunks().cast(pa.binary()).cast(pa.binary(NUMBER_WIDTH))
        size = (fixed.offset + len(fixed)) * NUMBER_WIDTH
        raw = np.frombuffer(fixed.buffers()[1], dtype=np.uint8, count=size).copy()
        raw[raw == ord(" ")] = 0
        return raw.view(f"S{NUMBER_WIDTH}")[fixed.offset :]


class Text(Column):
    """Texts as positions among :class:`DistinctTexts`; -1 where there is none."""

    def lay_out(self, table: pa.Table) -> Index:
        """One position a profile."""
        encoded = table.column(self.name).combine_chunks().dictionary_encode()
        positions: Index = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        return positions


class DistinctTexts(Column):
    """The distinct texts of a column, by the positions that :class:`Text` lays it out as."""

    def lay_out(self, table: pa.Table) -> Values:
        """One text a position."""
        encoded = table.column(self.name).combine_chunks().dictionary_encode()
        return cast(Values, encoded.dictionary.to_numpy(zero_copy_only=False).astype(object))


class Profiles:
    """Columns of ``link.profile`` in the order of ``profile_id``.

    ``table``: where each profile comes from, as a place in ``table_names``, which are sorted.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, named_by: Sequence[str]) -> None:
        self._con = con
        self._laid_out: dict[Column, Values] = {}
        ids = con.execute("select profile_id from link.profile").to_arrow_table().column(0).to_numpy()
        self.size = len(ids)
        self._order = "" if (ids[1:] > ids[:-1]).all() else " order by profile_id"  # sorting wide rows takes long
        self.table, self.table_names = self._sources(" || '.' || ".join(named_by))

    def __getitem__(self, column: Column) -> Values:
        """The array of a column, laid out once."""
        if column not in self._laid_out:
            selected = ", ".join(f"{expression} as {name}" for name, expression in column.selected().items())
            self._laid_out[column] = column.lay_out(self._read(selected))
        return self._laid_out[column]

    def forget(self, kept: Collection[Column]) -> None:
        """Hold no columns but these."""
        self._laid_out = {column: values for column, values in self._laid_out.items() if column in kept}

    def _read(self, selected: str) -> pa.Table:
        return self._con.execute(f"select {selected} from link.profile{self._order}").to_arrow_table()

    def _sources(self, source: str) -> tuple[npt.NDArray[np.int16], tuple[str, ...]]:
        column = self._read(f"{source} as source").column(0).combine_chunks().dictionary_encode()
        names = column.dictionary.to_pylist()
        order = np.argsort(np.array(names, dtype=object))
        place = np.empty(len(names), dtype=np.int16)
        place[order] = np.arange(len(names), dtype=np.int16)
        return place[column.indices.to_numpy()], tuple(names[each] for each in order)


def side_by_side(columns: Sequence[Values]) -> Values:
    """A matrix of columns each of which lies in one piece, since they are compared one by one."""
    return np.stack(columns).T


def _first(lists: pa.ChunkedArray, many: int, missing: Values) -> Values:
    """The first ``many`` values of each list, padded with what is missing: a matrix of columns in one piece."""
    found = np.repeat(missing, many * len(lists)).reshape(many, len(lists))
    start = 0
    for chunk in lists.chunks:
        offsets, values = chunk.offsets.to_numpy(), chunk.values
        if not pa.types.is_unsigned_integer(values.type):
            values = values.cast(pa.int32())  # days
        size = np.diff(offsets)
        for place in range(min(many, int(size.max(initial=0)))):
            has = np.flatnonzero(size > place)
            found[place, start + has] = values.to_numpy()[offsets[has] + place]
        start += len(chunk)
    return found.T


def _numpy(table: pa.Table, name: str, missing: object) -> Values:
    column = table.column(name)
    if column.null_count:
        column = column.fill_null(missing)
    return cast(Values, column.to_numpy())


def _days(table: pa.Table, name: str) -> Ints:
    days: Ints = table.column(name).cast(pa.int32()).cast(pa.int64()).fill_null(NO_DATE).to_numpy()
    return days
