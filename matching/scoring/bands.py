"""What becomes of a pair, by its score and the guard that holds it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from matching.comparison.columns import Floats, Levels
from matching.guards.guard import Effect, Guarded
from matching.model import Model


class Band(IntEnum):
    """What becomes of a pair. FORBID: never one thing, whatever links them to others."""

    FORBID = 0
    LEAVE = 1
    REVIEW = 2
    LINK = 3


def bands(model: Model, score: Floats, guarded: Guarded) -> Levels:
    """Band of each pair. A guard that asks speaks where the score would link; one that always asks, at any score."""
    weighed = score + guarded.worth
    band = np.full(len(score), Band.LEAVE, dtype=np.int8)
    band[weighed >= model.bands.review_from] = Band.REVIEW
    band[weighed >= model.bands.link_from] = Band.LINK
    band[guarded.has(Effect.ASK) & (band == Band.LINK)] = Band.REVIEW
    band[guarded.has(Effect.ALWAYS_ASK)] = Band.REVIEW
    band[guarded.has(Effect.FORBID)] = Band.FORBID
    return band
