"""The guards that a model file may name."""

from __future__ import annotations

from matching.guards.child_guards import CHILD_GUARDS
from matching.guards.guard import Effect, Guard, of_one_source, once_per_period

GUARDS: dict[str, Guard] = {
    "once_per_period": Guard(Effect.ASK, once_per_period, beside=(of_one_source,)),
    **CHILD_GUARDS,
}
