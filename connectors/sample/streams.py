"""Independent streams of chance, one for each named part, so that changing one table does not reshuffle the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Texts: TypeAlias = npt.NDArray[np.object_]  # of str


@dataclass(frozen=True, slots=True)
class Streams:
    """All chance of one invented county. The same seed and part give the same numbers on every machine."""

    seed: int

    def of(self, *part: str | int) -> np.random.Generator:
        """Return the stream of one part, named from the general to the particular."""
        words = [crc32(str(word).encode()) for word in part]
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *words])))


def pick(rng: np.random.Generator, weights: npt.ArrayLike, size: int) -> Ints:
    """Draw ``size`` positions in proportion to ``weights``."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Ints = np.searchsorted(bounds, rng.random(size) * bounds[-1], side="right").astype(np.int64)
    return found


def mixed(values: Ints, salt: int) -> Ints:
    """Scatter integers over 0 … 2**31-1, the same value always to the same place (splitmix64)."""
    z = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(33)).astype(np.int64)


def texts(values: npt.ArrayLike) -> Texts:
    """Make an array of Python strings."""
    return np.asarray(values, dtype=object)


@dataclass(frozen=True, slots=True)
class Luck:
    """Chance that belongs to a thing: the same child, row or home always draws the same, in whatever order it comes."""

    seed: int

    def __call__(self, things: Ints, *about: str | int) -> Floats:
        """Return a number from 0 to 1 for each thing."""
        found: Floats = (self.whole(things, *about) + 0.5) / 2**31
        return found

    def whole(self, things: Ints, *about: str | int) -> Ints:
        """Return an integer from 0 to 2**31 - 1 for each thing."""
        return mixed(things, crc32("/".join(str(word) for word in (self.seed, *about)).encode()) + 1)
