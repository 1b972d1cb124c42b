"""Chinese words for codes, and names for division codes, as people read them on lists and in reports."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from warehouse.places import Places

DIVISION = "division"  # no list: a division code, or several of a split county joined by |
TOWNSHIP = "township"  # no list either: a township's code, whose county stands beside
PLACES = (DIVISION, TOWNSHIP)
ENTRY = "entry"  # where something is told: `feed/table/file:row`, or a visit that somebody recorded


@cache
def kinds() -> Mapping[str, Mapping[str, str]]:
    """Lists of words by kind, each in the order in which its rows stand."""
    text = (resources.files("reporting") / "words.yml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def word(kind: str, code: object, places: Places) -> str:
    """What a code of this kind is called; the code itself where no word is known, empty for none."""
    if code is None:
        return ""
    if kind in PLACES:
        name = places.own if kind == TOWNSHIP else places.name
        return "、".join("不详" if each == "unknown" else name(each) for each in str(code).split("|"))
    if kind == ENTRY:
        return _entry(str(code))
    key = str(code).lower() if isinstance(code, bool) else str(code)
    return kinds()[kind].get(key, key)


def _entry(told_by: str) -> str:
    """A delivered row by its department, table, file and row; anything else as it is."""
    feed, _, rest = told_by.partition("/")
    if feed == "recorded_visit":
        return f"网页登记的走访 {rest}"
    table, _, at = rest.partition("/")
    file, _, row = at.rpartition(":")
    title = kinds()["delivered"].get(f"{feed}/{table}")
    return f"{kinds()['feed'][feed]}《{title}》{file} 第 {row} 行" if title and file else told_by
