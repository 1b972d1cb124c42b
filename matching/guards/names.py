"""The guards that a model file may name."""

from __future__ import annotations

from matching.guards.child_guards import CHILD_GUARDS
from matching.guards.guard import Effect, Guard, once_per_period

GUARDS: dict[str, Guard] = {"once_per_period": Guard(Effect.ASK, once_per_period), **CHILD_GUARDS}
