"""Chinese words for codes, and names for division codes, as people read them on lists and in reports."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

import yaml

from policy.divisions import load as load_divisions

DIVISION = "division"  # the one kind that isn't a list: a division code, or several of a split county joined by |


@cache
def kinds() -> Mapping[str, Mapping[str, str]]:
    """Lists of words by kind, each in the order in which its rows stand."""
    text = (resources.files("reporting") / "words.yml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = yaml.safe_load(text)
    return found


def word(kind: str, code: object, on: date) -> str:
    """What a code of this kind is called; the code itself where no word is known, empty for none."""
    if code is None:
        return ""
    if kind == DIVISION:
        return "、".join(_division(each, on) for each in str(code).split("|"))
    key = str(code).lower() if isinstance(code, bool) else str(code)
    return kinds()[kind].get(key, key)


@cache
def _division(code: str, on: date) -> str:
    """Full name of a county, prefecture or province; the code where none is known."""
    return "不详" if code == "unknown" else load_divisions().name(code, on)
