"""Who does something: the session's account, or the operating system's user at the command line."""

from dataclasses import dataclass
from typing import Self

from warehouse.stores.acts import os_user


@dataclass(frozen=True, slots=True)
class Actor:
    """Made by the server from a session or a process, never from what a request says about its sender."""

    username: str
    roles: frozenset[str] = frozenset()
    counties: tuple[str, ...] = ()
    is_entrusted: bool = False  # of an entrusted organisation: no export

    @classmethod
    def at_the_machine(cls) -> Self:
        """Whoever runs this process; rights are those of the files."""
        return cls(f"os:{os_user()}")
