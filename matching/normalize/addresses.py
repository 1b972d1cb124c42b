"""Address keys: what is left of an address when the names of divisions in front of it are taken off.

Departments write the same home with and without province, city and county, and with the names of other years; the
tail (road, number, village) is what they share. The township's name stands between the two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set
from functools import cache
from typing import Any

from policy import divisions

_NOISE = re.compile(r"(?:[^\S\n]|[\u200b\ufeff,。;:;:、,.·'\"“”‘’()()\[\]【】<>《》_])+")
_DASHES = re.compile(r"[‐‑‒–—―−～~]+")
_BLANK = frozenset({"", "无", "空", "-", "--", "/", "不详", "未知", "同上", "暂无", "NULL", "NONE", "NAN", "N/A"})
_SHORT_NAME = re.compile(r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|自治州|地区|盟|省|市|区|县)$")
_TOWNSHIP = re.compile(r"^[^\d]{1,10}?(?:街道办事处|街道|办事处|民族乡|地区|镇|乡|苏木)(?=.{3,})")
_NAMED_TOWNSHIP = re.compile(r"[^\d]{2,8}?(?:街道|民族乡|镇|乡|苏木)")
_COUNTY_LIKE = re.compile(r"^(?:市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划)")
_PARTS = re.compile(r"(?:号楼|号院|单元|楼|栋|幢|座|室|号|户|#)(?=[\d\-A-Z]|$)", re.MULTILINE)
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}(?=号|栋|幢|单元|楼|室|组|队|社|区|户|巷|弄)")


def described(texts: Sequence[str | None]) -> tuple[list[str | None], list[str | None]]:
    """Return the key of each address and the name of its township; None where there is none.

    What one pattern does to all addresses is done to their lines at once: it is far faster so.
    """
    if not texts:
        return [], []
    joined = "\n".join((text or "").replace("\n", " ") for text in texts)
    joined = _DASHES.sub("-", _NOISE.sub("", unicodedata.normalize("NFKC", joined).upper()))
    tails = ["" if folded in _BLANK else _without_divisions(folded) for folded in joined.split("\n")]
    found = [_TOWNSHIP.match(tail) for tail in tails]
    townships = [match[0] if match else None for match in found]
    tails = [tail[match.end() :] if match else tail for tail, match in zip(tails, found, strict=True)]
    joined = _CHINESE_NUMBER.sub(lambda match: _number(match[0]), "\n".join(tails))
    joined = _PARTS.sub("-", joined).replace("--", "-")
    return [tail.strip("-") or None for tail in joined.split("\n")], townships


def address_keys(texts: Sequence[str | None]) -> list[str | None]:
    """Return the key of each address; None where nothing but divisions or nothing at all is left."""
    return described(texts)[0]


def address_key(text: str | None) -> str | None:
    """Fold one address and take off the division names in front."""
    return address_keys([text])[0]


def division_in_front(text: str) -> str:
    """The division names that an address begins with, as one name; empty where it begins with none."""
    folded = _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    return folded.removesuffix(_without_divisions(folded))


def _without_divisions(text: str) -> str:
    """Take off up to four division names, the longest at each step; a name that ends the address stays off too."""
    trie = _names()
    position, last = 0, ""
    for _ in range(4):
        length = _longest(trie, text, position)
        if not length:
            break
        last = text[position : position + length]
        position += length
        if match := _COUNTY_LIKE.match(text[position:]):
            position += match.end()
    return text[position + (_short_county(text, position) if last in _above_counties() else 0) :]


def _short_county(text: str, position: int) -> int:
    """The length of a county's short name behind those of its city or province: 浙江杭州建德|城关镇.

    Only before a township's name: the same characters begin roads and longer names (南京江宁路).
    """
    length = _longest(_short_counties(), text, position)
    return length if length and _NAMED_TOWNSHIP.match(text, position + length) else 0


def _longest(trie: dict[str, Any], text: str, start: int) -> int:
    node, longest = trie, 0
    for index in range(start, len(text)):
        node = node.get(text[index])  # type: ignore[assignment]  # a missing letter ends the walk
        if node is None:
            break
        if "" in node:
            longest = index - start + 1
    return longest


@cache
def _names() -> dict[str, Any]:
    """A trie of division names of all years; provinces also by their short names (北京, 西藏)."""
    return _trie(
        _above_counties() | {unicodedata.normalize("NFKC", record.name) for record in divisions.load().records}
    )


@cache
def _above_counties() -> frozenset[str]:
    """Names of provinces and prefectures, full and short."""
    records = (record for record in divisions.load().records if record.level is not divisions.Level.COUNTY)
    names = {unicodedata.normalize("NFKC", record.name) for record in records}
    return frozenset(names | {_SHORT_NAME.sub("", name) for name in names})


@cache
def _short_counties() -> dict[str, Any]:
    """A trie of counties' names without 市, 区, 县."""
    counties = (record.name for record in divisions.load().records if record.level is divisions.Level.COUNTY)
    return _trie({_SHORT_NAME.sub("", unicodedata.normalize("NFKC", name)) for name in counties})


def _trie(spellings: Set[str]) -> dict[str, Any]:
    trie: dict[str, Any] = {}
    for spelling in spellings:
        if len(spelling) >= 2:
            node = trie
            for character in spelling:
                node = node.setdefault(character, {})
            node[""] = {}
    return trie


def _number(text: str) -> str:
    digits = "一二三四五六七八九"
    if "十" not in text:
        return "".join(str(digits.find(character) + 1) for character in text)
    tens, _, units = text.partition("十")
    return str(10 * (digits.find(tens) + 1 if tens else 1) + (digits.find(units) + 1 if units else 0))
