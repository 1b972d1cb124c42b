"""Chinese words for codes, and names for division codes, as people read them on lists and in reports."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from warehouse.places import Places

DIVISION = "division"  # no list: a division code, or several of a split county joined by |
TOWNSHIP = "township"  # no list either: a township's code, whose county stands beside
PLACES = (DIVISION, TOWNSHIP)


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
    key = str(code).lower() if isinstance(code, bool) else str(code)
    return kinds()[kind].get(key, key)
