"""What may be said of an exception outside the restricted store.

A database driver or a parser puts the value it choked on into its message, and Dagster, logs and terminals keep
messages. So an exception that isn't ours is reported by its type and by where it was raised, never by its text.
"""

import traceback
from pathlib import Path

_OURS = ("pipelines", "quality", "reporting", "stewardship", "connectors", "matching", "warehouse", "policy")
_HOUSE = Path(__file__).resolve().parent.parent


class StepFailed(Exception):
    """A table could not be made. Says which, what kind of error, and where in our code; never a value."""

    def __init__(self, room: str, table: str, error: BaseException) -> None:
        super().__init__(f"{room}.{table}: {describe(error)}")


def is_ours(error: BaseException) -> bool:
    """Whether our own code worded the message, and so kept people out of it."""
    return type(error).__module__.split(".")[0] in _OURS


def describe(error: BaseException) -> str:
    """The message of one of our errors; of any other its type and the innermost line of our code it passed."""
    if is_ours(error):
        return str(error)
    return f"{type(error).__name__} at {_innermost_line_of_ours(error)}"


def _innermost_line_of_ours(error: BaseException) -> str:
    ours = [
        f"{path.relative_to(_HOUSE)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if (path := Path(frame.filename).resolve()).is_relative_to(_HOUSE)
        and path.relative_to(_HOUSE).parts[0] in _OURS
    ]
    return ours[-1] if ours else "a place outside our code"
