"""The linkage: entries in one shape, pairs, levels, scores, clusters, and the id of each child.

``from matching import link`` links any table by a model file; see ``docs/linkage.md``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matching.library import Linked, link

__all__ = ["Linked", "link"]


def __getattr__(name: str) -> object:
    """Load the library when it is first asked for: steps of the monitoring run are imported without it."""
    if name in __all__:
        from matching import library

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
