"""The time on the wall, as the pages tell it."""

from warehouse.clock import local, today

__all__ = ["local", "today"]
