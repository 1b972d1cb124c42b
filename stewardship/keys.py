"""Which key does what on the case page. Each steward may have their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

COOKIE = "keys"
DEFAULT: Mapping[str, str] = MappingProxyType(
    {
        "same": "1",
        "different": "2",
        "unsure": "3",
        "skip": "s",
        "undo": "z",
        "note": "c",
        "flag": "f",
        "next": "n",
        "previous": "p",
        "reveal": "r",
        "search": "/",
        "opinion": "h",
        "help": "?",
    }
)


class KeysRefused(ValueError):
    """A map of keys can't be used; ``acts`` names those at fault."""

    def __init__(self, acts: tuple[str, ...]) -> None:
        super().__init__(f"keys: each act needs a key of its own, one printed character; not so: {', '.join(acts)}")
        self.acts = acts


def checked(wanted: Mapping[str, str]) -> dict[str, str]:
    """A whole map: acts that aren't named keep their key. Raises :class:`KeysRefused` where two would share one."""
    found = {act: wanted.get(act, pressed) for act, pressed in DEFAULT.items()}
    pressed = list(found.values())
    wrong = tuple(
        act
        for act, key in found.items()
        if len(key) != 1 or not key.isprintable() or key == " " or pressed.count(key) > 1
    )
    if wrong:
        raise KeysRefused(wrong)
    return found


def to_cookie(keys: Mapping[str, str]) -> str:
    """Only what differs from the default, as code points, which a cookie can hold."""
    return ".".join(f"{act}-{ord(key)}" for act, key in keys.items() if DEFAULT[act] != key)


def of_cookie(text: str) -> Mapping[str, str]:
    """The keys of a cookie; the default where it isn't one of ours."""
    wanted = {}
    for part in text.split("."):
        act, _, code = part.partition("-")
        if act in DEFAULT and code.isdecimal() and len(code) <= 7 and int(code) < 0x110000:
            wanted[act] = chr(int(code))
    try:
        return checked(wanted)
    except KeysRefused:
        return DEFAULT
