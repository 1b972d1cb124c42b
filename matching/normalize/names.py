"""Names of anybody: folded, sorted into kinds, and given the keys under which other spellings of them are found.

The delivered text stays beside the keys. Nothing here compares two names: that is ``matching.comparison.names``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa

from matching.lexicon import readings, transliterations
from matching.lexicon.characters import UNKNOWN, folding, simplified, variants
from matching.normalize import plain_names


class NameKind(StrEnum):
    """What a text in a name's field is."""

    HAN = "han"
    TRANSLITERATED = "transliterated"  # a Tibetan, Uyghur, Kazakh … name in Han characters
    LATIN = "latin"
    TIBETAN_SCRIPT = "tibetan_script"
    NEWBORN = "newborn"  # 王芳之子: named after a parent for want of a name
    PLACEHOLDER = "placeholder"  # 某某, 未取名, ???: says nothing
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Name:
    """One delivered name described; the columns of ``std.name`` but its id."""

    folded: str | None
    kind: NameKind
    surname: str | None = None
    given: str | None = None
    of_parent: str | None = None
    syllables: tuple[str, ...] = ()
    sound_key: str | None = None
    near_sound_key: str | None = None
    variant_key: str | None = None
    has_unknown: bool = False
    fault: str | None = None


SCHEMA = pa.schema(
    {
        "delivered": pa.string(),
        "folded": pa.string(),
        "kind": pa.string(),
        "surname": pa.string(),
        "given": pa.string(),
        "of_parent": pa.string(),
        "syllables": pa.list_(pa.string()),
        "sound_key": pa.string(),
        "near_sound_key": pa.string(),
        "variant_key": pa.string(),
        "has_unknown": pa.bool_(),
        "fault": pa.string(),
    }
)
_DESCRIBED = pa.schema([field for field in SCHEMA if field.name != "delivered"])

_HAN = r"[\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_HAN_OR_UNKNOWN = rf"(?:{_HAN}|{UNKNOWN})"
_IS_PLAIN = re.compile(rf"{_HAN}{{2,4}}")
_HAS_HAN = re.compile(_HAN)
_HAS_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_HAS_TIBETAN = re.compile(r"[\u0f00-\u0fff]")
_HAS_UYGHUR = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefe]")
_NOTE = re.compile(r"[(（\[【<〈《〔][^)）\]】>〉》〕]*[)）\]】>〉》〕]?")
_SPACES = re.compile(r" +")
_SPACE_AS_DOT = re.compile(rf"(?<={_HAN}{_HAN}) +(?={_HAN}{_HAN})")
_SUFFIX = re.compile(rf"(?<={_HAN}{_HAN})(?:\d{{1,2}}|[A-WYZ])$")
_EDGES = re.compile(r"^[\s=\"“”'‘’`,.。、;:#·]+|[\s=\"“”'‘’`,.。、;:#·]+$")
_BESIDE = re.compile(  # a number in the list before a name; another name, or a citizen number, behind it
    rf"^\d{{1,3}}[·、)]?(?={_HAN}{_HAN})|(?<={_HAN}{_HAN})(?:[/\\|]{_HAN}.*|[ ,:]*\d{{14,}}[Xx]?)$"
)
_MOJIBAKE = re.compile(r"锟斤拷|锟斤|斤拷|烫烫|屯屯|锘")
_SUSPECT = re.compile("某|锟|烫烫|屯屯")
_BLANK = frozenset(
    {"", "无", "空", "-", "--", "/", "\\", "不详", "未知", "没有", "暂无", "null", "none", "nan", "n/a", "0"}
)
_PLACEHOLDERS = frozenset(
    [
        "某某",
        "某",
        "某某某",
        "未取名",
        "未命名",
        "未起名",
        "没取名",
        "待取名",
        "待定",
        "待命名",
        "无名",
        "无名氏",
        "无姓名",
        "姓名",
        "姓名不详",
        "佚名",
        "匿名",
        "测试",
        "测试数据",
        "婴儿",
        "新生儿",
        "男婴",
        "女婴",
        "婴",
        "弃婴",
        "弃儿",
        "孩子",
        "小孩",
        "幼儿",
        "宝宝",
        "毛毛",
        "未上户",
        "未入户",
        "不知",
        "同上",
        "本人",
    ]
)
_SAYS_NOTHING = _PLACEHOLDERS | _BLANK
_SHORT = 5  # a space in a longer text may stand for a dot
_BORN_TO = re.compile(
    rf"(?P<parent>{_HAN_OR_UNKNOWN}[{UNKNOWN}·\u3400-\u9fff]{{1,11}}?)"
    r"(?:[之的](?P<child>[长次大二三小幺]?[子女儿娃]|儿子|女儿|[长次大二三]?[男女]?[婴孩]儿?|宝宝|毛毛|[大二小]毛|[大二小]宝|"
    r"双胞胎|双[生]?[子女]?)|(?P<plain>大毛|二毛|小毛|毛毛|宝宝|大宝|二宝|小宝|[男女]?婴儿?|大双|小双|双胞胎|双(?=[0-9一二甲乙a-bA-B])))"
    r"(?P<rank>[0-9一二三四甲乙丙大小a-zA-Z]?)"
)
_BABY_NAME = re.compile(
    rf"(?P<surname>{_HAN})(?P<plain>宝宝|毛毛|大毛|二毛|小毛|婴儿|大宝|二宝|婴|男婴|女婴)(?P<rank>\d?)"
)
# Every Han character without which neither _SUSPECT nor _BORN_TO nor _BABY_NAME can match a text of Han characters.
_TELLING = "某锟烫屯之的毛宝婴双"
_RANKS = {"长": "1", "大": "1", "甲": "1", "一": "1", "a": "1", "次": "2", "二": "2", "小": "2", "乙": "2", "b": "2"}
_RANKS |= {"三": "3", "丙": "3", "c": "3", "四": "4"}
_TSHEG = re.compile(r"[་།༌\s·]+")
_LETTERS = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UYGHUR_LETTERS = dict(
    zip(
        "ابپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيەةهآ",
        [
            "a",
            "b",
            "p",
            "t",
            "j",
            "ch",
            "x",
            "d",
            "r",
            "z",
            "zh",
            "s",
            "sh",
            "gh",
            "f",
            "q",
            "k",
            "g",
            "ng",
            "l",
            "m",
            "n",
            "h",
            "o",
            "u",
            "o",
            "u",
            "w",
            "e",
            "i",
            "y",
            "e",
            "e",
            "h",
            "a",
        ],
        strict=True,
    )
)


def describe(texts: Sequence[str]) -> pa.Table:
    """Describe distinct delivered names. One row a text, in their order; the columns of ``std.name`` but its id."""
    folded = fold_all(texts)
    spaceless = [_spaceless(text) if " " in text else text for text in folded]
    is_plain = plain_names.find(spaceless, _TELLING)
    is_plain &= np.fromiter((text not in _SAYS_NOTHING for text in spaceless), np.bool_, len(folded))
    plain, rest = np.flatnonzero(is_plain), np.flatnonzero(~is_plain)
    described = pa.concat_tables(
        [_plain_table([spaceless[row] for row in plain]), _table([describe_folded(folded[row]) for row in rest])]
    )
    described = described.take(pa.array(np.argsort(np.concatenate([plain, rest]))))
    return described.add_column(0, SCHEMA.field("delivered"), pa.array(list(texts), pa.string()))


def _spaceless(text: str) -> str:
    return text.replace(" ", "") if len(text) <= _SHORT else text.strip(" ")


def _plain_table(folded: list[str]) -> pa.Table:
    columns = plain_names.describe(folded) | {
        "kind": pa.repeat(NameKind.HAN.value, len(folded)),
        "of_parent": pa.nulls(len(folded)),
        "has_unknown": pa.repeat(False, len(folded)),
        "fault": pa.nulls(len(folded)),
    }
    return pa.table({field.name: columns[field.name].cast(field.type) for field in _DESCRIBED})


def _table(described: list[Name]) -> pa.Table:
    columns = {field.name: [getattr(name, field.name) for name in described] for field in _DESCRIBED}
    return pa.table({field.name: pa.array(columns[field.name], field.type) for field in _DESCRIBED})


def describe_one(text: str) -> Name:
    """Describe one delivered name."""
    return describe_folded(fold_all([text])[0])


def fold_all(texts: Sequence[str]) -> list[str]:
    """NFKC, one dot, one kind of space, simplified and common characters; all texts at once, it is far faster so."""
    if not texts:
        return []
    joined = "\n".join(texts)
    if joined.count("\n") >= len(texts) or "\r" in joined:
        joined = "\n".join([text.replace("\n", " ").replace("\r", " ") for text in texts])
    joined = unicodedata.normalize("NFKC", joined).translate(folding())
    folded = simplified(joined).translate(folding()).split("\n")
    if len(folded) != len(texts):
        raise ValueError(
            f"names: folding {len(texts)} texts gave {len(folded)}; fold them one by one to find the cause"
        )
    return folded


def describe_folded(text: str) -> Name:
    """Describe a name that :func:`fold_all` has folded."""
    if _IS_PLAIN.fullmatch(text) and text not in _SAYS_NOTHING and not _SUSPECT.search(text):
        return _newborn(text, None) or _han_or_transliterated(text, None)
    text, fault = _without_notes(text)
    if text.lower() in _BLANK:
        return Name(None, NameKind.BLANK)
    if _HAS_UYGHUR.search(text):
        text = "".join(_UYGHUR_LETTERS.get(letter, letter) for letter in text)
    if _HAS_HAN.search(text) or UNKNOWN in text:
        return _with_han(text, fault)
    if _HAS_TIBETAN.search(text):
        return _tibetan(text, fault)
    if _HAS_LATIN.search(text):
        return _latin(text, fault)
    return Name(text, NameKind.PLACEHOLDER, fault="not_a_name")


def _without_notes(text: str) -> tuple[str, str | None]:
    """Take off what was typed around a name, ranks after it (李浩1), and what a wrong decoding left.

    Brackets and what they hold, its number in a list, a second name behind a stroke, stops and quotation marks.
    """
    text, fault = _EDGES.sub("", text), None
    if _MOJIBAKE.search(text):
        text, fault = _MOJIBAKE.sub(UNKNOWN, text), "mojibake"
    bare = _BESIDE.sub("", _NOTE.sub("", text))
    if bare.strip() and bare != text:
        text, fault = bare, "note_removed"
    text = _SPACE_AS_DOT.sub("·", text.strip()) if len(text) > 5 else text.strip()
    shorter = _SUFFIX.sub("", text)
    if shorter != text and not _BORN_TO.fullmatch(text) and not _BABY_NAME.fullmatch(text):
        text, fault = shorter, "suffix_removed"
    return text, fault


def _with_han(text: str, fault: str | None) -> Name:
    """Describe a text with Han characters or places of characters in it, Latin letters among them perhaps."""
    text = re.sub(r"·+", "·", _SPACES.sub("", text)).strip("·")
    newborn = _newborn(text, fault)
    if newborn:
        return newborn
    text = _unknown_letters(text)
    known = text.replace(UNKNOWN, "").replace("某", "").replace("·", "")
    if text in _PLACEHOLDERS or not known:
        return Name(text, NameKind.PLACEHOLDER, fault="placeholder")
    text = text[0] + text[1:].replace("某", UNKNOWN)
    surname, given = _surname_and_given(text)
    if UNKNOWN in text and not given.replace(UNKNOWN, ""):
        return Name(text, NameKind.PLACEHOLDER, surname, given, has_unknown=True, fault="placeholder")
    return _han_or_transliterated(text, "unknown_character" if UNKNOWN in text and not fault else fault)


def _unknown_letters(text: str) -> str:
    """A lone X among Han characters stands for one that couldn't be typed; other letters are its pinyin, kept."""
    text = re.sub(rf"(?<={_HAN})[Xx](?![A-Za-z])|^[Xx](?={_HAN})", UNKNOWN, text)
    return _strip_marks(text).lower()


def _strip_marks(text: str) -> str:
    """Latin letters without tone marks and other signs; ü is v, as in typed pinyin."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    decomposed = re.sub(
        "u([\u0300-\u0304\u030c]*)\u0308", r"v\1", re.sub("U([\u0300-\u0304\u030c]*)\u0308", r"V\1", decomposed)
    )
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", decomposed))


def _newborn(text: str, fault: str | None) -> Name | None:
    """Describe a name made of a parent's (王芳之长女, 王芳双1) or of a surname and 宝宝; None if it isn't one."""
    match = _BORN_TO.fullmatch(text)
    if match:
        said = match["child"] or match["plain"]
        return _born(text, match["parent"], None, said, match["rank"], fault)
    match = _BABY_NAME.fullmatch(text)
    if match and match["surname"] not in "某□":
        return _born(text, None, match["surname"], match["plain"], match["rank"], fault)
    return None


def _born(text: str, parent: str | None, surname: str | None, said: str, rank: str, fault: str | None) -> Name:
    """``given`` says sex and rank as far as the words do: 女1 is the first daughter or the first of twin girls."""
    sex = "女" if "女" in said else "子" if "子" in said or "男" in said else ""
    order = rank if rank.isdecimal() else _RANKS.get(rank.lower(), "") or _RANKS.get(said[0], "")
    key = f"{parent or surname}之{sex}{order}"
    return Name(
        text, NameKind.NEWBORN, surname, f"{sex}{order}" or None, parent, (), None, None, key, UNKNOWN in text, fault
    )


def _surname_and_given(text: str) -> tuple[str, str]:
    for length in (4, 2):
        if text[:length] in readings.compound_surnames() and len(text) > length:
            return text[:length], text[length:]
    return text[:1], text[1:]


def _han_or_transliterated(text: str, fault: str | None) -> Name:
    if "·" in text and len(text) < 5:
        text = text.replace("·", "")
    split = _transliteration(text)
    if split is not None:
        return _transliterated(text, split, fault)
    text = text.replace("·", "")
    surname, given = _surname_and_given(text)
    sounds = _sounds(surname, given)
    known = variants()
    return Name(
        folded=text,
        kind=NameKind.HAN,
        surname=surname,
        given=given or None,
        syllables=sounds,
        sound_key="".join(sounds),
        near_sound_key="".join(map(readings.near, sounds)),
        variant_key="".join([known.get(character, character) for character in text]),
        has_unknown=UNKNOWN in text or _LETTERS.search(text) is not None,
        fault=fault,
    )


def _sounds(surname: str, given: str) -> tuple[str, ...]:
    compound = readings.surname_readings().get(surname) if len(surname) > 1 else None
    first = compound or (readings.sound(surname, is_surname=True),) if surname else ()
    return (*first, *_units_sounds(given))


def _units_sounds(text: str) -> tuple[str, ...]:
    if not _LETTERS.search(text):
        return tuple(map(readings.sound, text))
    parts = re.findall(r"[a-z]+|[^a-z]", text)
    return tuple(part if part[0].isascii() else readings.sound(part) for part in parts)


def _transliteration(text: str) -> transliterations.Split | None:
    """Split a text that is a transliteration, by its dots, its length, or because the lexicon knows it; else None."""
    if yi := transliterations.clan_and_person(text.replace("·", "")):
        return yi
    length = len(_LETTERS.sub(UNKNOWN, text)) if len(text) > 4 else len(text)
    if length < 5 and "·" not in text and not _may_be_transliterated(text):
        return None
    parts = [transliterations.split_han(part) for part in text.split("·")]
    covered, strong = sum(part.covered for part in parts), sum(part.strong for part in parts)
    bare = length - text.count("·")
    if length >= 5:
        surname, _ = _surname_and_given(text)
        is_long_han = len(surname) > 1 and length - len(surname) <= 2 and covered < bare
        accepted = not is_long_han
    elif text[:2] in readings.compound_surnames() and covered < bare:
        accepted = False
    elif covered == bare:
        accepted = strong > 0 and (strong * 2 >= bare) and not _is_rather_han(text, strong)
    else:
        accepted = length == 4 and strong >= 2 and text[0] not in readings.common_surnames()
    if not accepted:
        return None
    units = tuple(unit for part in parts for unit in part.units)
    return transliterations.Split(units, covered, strong)


def _may_be_transliterated(text: str) -> bool:
    """A quick look before the split: some word of the lexicon is at the beginning or the end."""
    pieces = (text[:2], text[-2:], text[:3], text[-3:], text)
    return any(piece in words for words in transliterations.by_han().values() for piece in pieces)


def _is_rather_han(text: str, strong: int) -> bool:
    """Two or three characters beginning with a common surname, unless the lexicon knows all of them as one name."""
    return len(text) <= 3 and text[0] in readings.common_surnames() and strong < len(text)


def _transliterated(text: str, split: transliterations.Split, fault: str | None) -> Name:
    given, _, _father = text.partition("·")
    sounds = _units_sounds(text.replace("·", ""))
    return Name(
        folded=text,
        kind=NameKind.TRANSLITERATED,
        given=given,
        syllables=split.units,
        sound_key="".join(sounds),
        near_sound_key=transliterations.skeleton(text.replace("·", "")),
        variant_key="-".join(split.units),
        has_unknown=UNKNOWN in text or _HAS_LATIN.search(text) is not None,
        fault=fault,
    )


def _latin(text: str, fault: str | None) -> Name:
    """Describe a name in letters: of the lexicon's words, or of pinyin syllables, or of neither."""
    words = [word for word in re.split(r"[^A-Za-z]+", _CAMEL.sub(" ", _strip_marks(text))) if word]
    words = [word.lower() for word in words]
    if not words:
        return Name(text, NameKind.PLACEHOLDER, fault="not_a_name")
    lexical = [_latin_units(word) for word in words]
    is_foreign = any(lexical) and not (len(words) <= 2 and sum(map(bool, lexical)) * 2 < len(words))
    sounds: list[str] = []
    units: list[str] = []
    for word, known in zip(words, lexical, strict=True):
        split = readings.split_pinyin(word)
        sounds += split or (word,)
        if is_foreign or split is None:
            units += known or (f"~{transliterations.skeleton(word)}",)
        else:
            units += split
    joined = "".join(words)
    is_pinyin = all(sound in readings.syllables() for sound in sounds)
    near = "".join(map(readings.near, sounds)) if is_pinyin and not is_foreign else transliterations.skeleton(joined)
    return Name(
        folded="·".join(words),
        kind=NameKind.LATIN,
        surname=words[0] if is_pinyin and not is_foreign else None,
        given="·".join(words[1:]) or None if is_pinyin and not is_foreign else words[0],
        syllables=tuple(units),
        sound_key=joined,
        near_sound_key=near,
        variant_key="-".join(units),
        fault=fault,
    )


def _latin_units(word: str) -> tuple[str, ...]:
    """Units of a word the lexicon knows, or of two run together (zhaxiciren); none if it doesn't know them."""
    known = transliterations.by_latin()
    if word in known:
        return known[word].units
    for cut in range(3, len(word) - 2):
        if word[:cut] in known and word[cut:] in known:
            return (*known[word[:cut]].units, *known[word[cut:]].units)
    return ()


def _tibetan(text: str, fault: str | None) -> Name:
    """Describe a name in Tibetan script, syllable by syllable; those the lexicon doesn't know keep their script."""
    syllables = [syllable for syllable in _TSHEG.split(text) if syllable]
    known = transliterations.by_script()
    units = tuple(known.get(syllable) or f"~{syllable}" for syllable in syllables)
    characters = transliterations.han_of_unit()
    sounds = [readings.sound(characters[unit]) if unit in characters else unit for unit in units]
    spelled = "".join(characters.get(unit, "") for unit in units)
    return Name(
        folded="་".join(syllables),
        kind=NameKind.TIBETAN_SCRIPT,
        given="་".join(syllables),
        syllables=units,
        sound_key="".join(sounds),
        near_sound_key=transliterations.skeleton(spelled) if spelled else None,
        variant_key="-".join(units),
        fault=fault,
    )
