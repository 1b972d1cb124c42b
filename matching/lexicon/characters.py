"""Characters that stand for one another: traditional and variant forms, look-alikes, marks of the unwritable."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

from matching.lexicon.table import read

UNKNOWN = "□"  # one character that the department could not write
_UNKNOWN_MARKS = "?？□■▢◻◼○◯●〓*＊※＿_\ufffd×✕囗�"
_DOTS = "·•・‧∙⋅●｡。.．﹒･᛫・ㆍ•"

# GB18030-2000/2005 had these characters in the private use area; the standard of 2022 gives them code points.
_FROM_PRIVATE_USE = {
    "\ue816": "\U00020087",
    "\ue817": "\U00020089",
    "\ue818": "\U000200cc",
    "\ue81e": "\u9fb4",
    "\ue826": "\u9fb5",
    "\ue82b": "\u9fb6",
    "\ue82c": "\u9fb7",
    "\ue831": "\U000215d7",
    "\ue832": "\u9fb8",
    "\ue83b": "\U0002298f",
    "\ue843": "\u9fb9",
    "\ue854": "\u9fba",
    "\ue855": "\U000241fe",
    "\ue864": "\u9fbb",
    "\ue7c7": "\u1e3f",
}


@cache
def folding() -> dict[int, str | None]:
    """A translation table for joined names: dots to ·, what can't be read to □, private use to its character."""
    table: dict[int, str | None] = dict.fromkeys(range(0xE000, 0xF900), UNKNOWN)
    table |= {ord(private): character for private, character in _FROM_PRIVATE_USE.items()}
    table |= dict.fromkeys(map(ord, _DOTS), "·")
    table |= dict.fromkeys(map(ord, _UNKNOWN_MARKS), UNKNOWN)
    table |= dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad'’‘`´\"“”"), None)
    table |= dict.fromkeys(map(ord, "\t\v\f\u00a0\u3000\u2002\u2003\u2009"), " ")
    return table


@cache
def variants() -> dict[str, str]:
    """Variant character (异体字) to the one that keys use."""
    return {variant: row["character"] for row in read("variants.csv") for variant in row["variants"].split()}


@cache
def look_alikes() -> frozenset[tuple[str, str]]:
    """Pairs of characters that are mistaken for one another by shape, each in both orders."""
    found = set()
    for row in (*read("look_alikes.csv"), *read("look_alikes_by_hand.csv")):
        group = row["characters"]
        found |= {(a, b) for a in group for b in group if a != b}
    return frozenset(found)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional characters as simplified ones; long texts are much faster than many short ones."""
    converted: str = _converter().convert(text)
    return converted
