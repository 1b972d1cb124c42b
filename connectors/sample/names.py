"""Names as families give them: surname and given name, Tibetan pairs, given·father's, Mongol and Yi names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from connectors.sample import tables
from connectors.sample.dates import year
from connectors.sample.streams import Bools, Floats, Ints, Texts, pick, texts

HAN, TIBETAN, UYGHUR, KAZAKH, MONGOL, YI = range(6)
_STYLES = {"tibetan": TIBETAN, "uyghur": UYGHUR, "kazakh": KAZAKH, "mongol": MONGOL, "yi": YI}
_STYLE_OF_PEOPLE = {
    "04": TIBETAN,
    "54": TIBETAN,
    "55": TIBETAN,
    "05": UYGHUR,
    "43": UYGHUR,
    "50": UYGHUR,
    "17": KAZAKH,
    "29": KAZAKH,
    "41": KAZAKH,
    "02": MONGOL,
    "07": YI,
}
_SINGLE_CHARACTER_SHARE = {1950: 0.15, 1960: 0.15, 1970: 0.3, 1980: 0.4, 1990: 0.25, 2000: 0.12, 2010: 0.08, 2020: 0.07}
_RARE_SHARE = 0.012
_TWINS_NAMED_ALIKE = 0.7  # of families with twins, whose names make a pair
_SPELT_AS_FATHERS = 0.85  # of children who bear their father's given name: it is copied from his paper


@dataclass(frozen=True)
class Names:
    """The names of many people, as their identity papers spell them.

    ``first`` and ``second`` point into :func:`elements` where the name is made of transliterated elements, else -1.
    """

    text: Texts
    style: Ints
    surname: Texts  # empty where the name has none
    first: Ints
    second: Ints

    def take(self, at: Ints) -> Names:
        """Return the names at the given positions."""
        return Names(self.text[at], self.style[at], self.surname[at], self.first[at], self.second[at])


@dataclass(frozen=True)
class Elements:
    """All transliterated name elements with their Chinese spellings, commonest first."""

    style: Ints
    sex: Ints  # 0 either
    place: Texts  # first, second, either
    weight: Floats
    latin: Texts
    script: Texts  # Tibetan script, or empty
    spellings: Texts  # two-dimensional, padded with the first spelling
    bounds: Floats  # cumulative weight of the spellings
    weekdays: Ints  # elements that name Monday … Sunday (Tibetan)

    def spelled(self, elements: Ints, luck: Floats) -> Texts:
        """Choose a spelling of each element by luck, common ones oftener."""
        column = (luck[:, None] >= self.bounds[elements]).sum(axis=1)
        found: Texts = self.spellings[elements, np.minimum(column, self.spellings.shape[1] - 1)]
        return found


@cache
def elements() -> Elements:
    """Read the elements."""
    rows = tables.rows("name_elements")
    spelling = tables.rows("name_spellings")
    of: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in spelling:
        of.setdefault((row["style"], row["element"]), []).append((row["spelling"], float(row["weight"])))
    widest = max(len(found) for found in of.values())
    words = np.empty((len(rows), widest), dtype=object)
    bounds = np.ones((len(rows), widest))
    for at, row in enumerate(rows):
        found = of[row["style"], row["element"]]
        words[at] = [found[min(column, len(found) - 1)][0] for column in range(widest)]
        shares = np.cumsum([weight for _, weight in found])
        bounds[at, : len(found)] = shares / shares[-1]
    names = [row["element"] for row in rows]
    week = ("Dawa", "Mikmar", "Lhakpa", "Phurbu", "Pasang", "Penpa", "Nyima")
    return Elements(
        style=np.array([_STYLES[row["style"]] for row in rows]),
        sex=np.array([int(row["sex"] or 0) for row in rows]),
        place=texts([row["place"] for row in rows]),
        weight=np.array([float(row["weight"]) for row in rows]),
        latin=texts([row["latin"] for row in rows]),
        script=texts([row["script"] for row in rows]),
        spellings=words,
        bounds=bounds,
        weekdays=np.array([names.index(name) for name in week]),
    )


def heard(people: Names) -> Texts:
    """Write what is heard when somebody is called: syllables without tones; of given·father's names the given one."""
    latin = elements().latin
    first = np.where(people.first >= 0, latin[people.first], "")
    second = np.where((people.second >= 0) & (people.style == TIBETAN), latin[people.second], "")
    called: Texts = texts(first + " " + second)
    at = np.flatnonzero(first == "")
    sound = tables.syllable_of()
    called[at] = [" ".join(sound.get(char, char) for char in text) for text in people.text[at]]
    return called


def styles(rng: np.random.Generator, peoples: Texts) -> Ints:
    """Say how families of each people name their children; many Mongol and Yi families use Han names."""
    found = np.zeros(len(peoples), dtype=np.int64)
    for people, style in _STYLE_OF_PEOPLE.items():
        found[peoples == people] = style
    luck = rng.random(len(peoples))
    found[(found == MONGOL) & (luck > 0.45)] = HAN
    found[(found == YI) & (luck > 0.6)] = HAN
    return found


def surnames(rng: np.random.Generator, peoples: Texts) -> Texts:
    """Draw family names: the nation's frequencies, or three times in four those usual among a people."""
    common, weights = tables.weighted("surnames", "surname", "per_10000")
    found: Texts = texts(common)[pick(rng, weights, len(peoples))]
    own = rng.random(len(peoples)) < 0.75
    for people in tables.grouped("surnames_of_groups", "ethnic", "surname"):
        names, shares = tables.weighted("surnames_of_groups", "surname", "weight", ethnic=people)
        at = np.flatnonzero((peoples == people) & own)
        found[at] = texts(names)[pick(rng, shares, len(at))]
    return found


def generation_characters(rng: np.random.Generator, has_twins: Bools) -> Texts:
    """Draw the character that the children of each family share; families without one get an empty text."""
    names, weights = tables.weighted("given_characters", "character", "weight", decade="2000")
    found: Texts = texts(names)[pick(rng, weights, len(has_twins))]
    found[rng.random(len(has_twins)) > np.where(has_twins, _TWINS_NAMED_ALIKE, 0.3)] = ""
    return found


def han_given(rng: np.random.Generator, sex: Ints, born: Ints, shared: Texts) -> Texts:
    """Draw given names by sex and decade of birth, with a family's ``shared`` character where it has one."""
    found = np.empty(len(sex), dtype=object)
    earlier = np.where(rng.random(len(sex)) < 0.2, 10, 0)
    decades = np.clip((year(born) - earlier) // 10 * 10, 1950, 2020)
    for decade in range(1950, 2030, 10):
        for which in (1, 2):
            at = np.flatnonzero((decades == decade) & (sex == which))
            if at.size:
                found[at] = _given_of(rng, str(which), decade, shared[at])
    rare = np.flatnonzero(rng.random(len(sex)) < _RARE_SHARE)
    strange = texts([row["character"] for row in tables.rows("rare_characters")])
    for row, char in zip(rare, strange[rng.integers(0, len(strange), len(rare))], strict=True):
        found[row] = (found[row][:-1] if len(found[row]) > 1 else "") + char
    return found


def _given_of(rng: np.random.Generator, sex: str, decade: int, shared: Texts) -> Texts:
    size = len(shared)
    names, weights = tables.weighted("given_names", "given_name", "weight", sex=sex, decade=str(decade))
    chars, shares = tables.weighted("given_characters", "character", "weight", sex=sex, decade=str(decade))
    popular = texts(names)[pick(rng, weights, size)]
    one = texts(chars)[pick(rng, shares, size)]
    other = texts(chars)[pick(rng, shares, size)]
    kind = rng.random(size)
    single = _SINGLE_CHARACTER_SHARE[decade]
    found: Texts = np.where(kind < single, one, np.where(kind < single + 0.3, popular, one + other))
    inherited = (shared != "") & (kind >= single)
    tail = rng.random(size) < 0.15  # the shared character may be the last
    found[inherited] = np.where(tail, one + shared, shared + one)[inherited]
    return found


def element_names(
    rng: np.random.Generator, style: Ints, sex: Ints, born: Ints, father: Ints | None = None
) -> tuple[Ints, Ints]:
    """Draw the elements of each name; ``father`` is the father's own element, which follows a child's (Uyghur, Kazakh).

    Tibetan names are mostly two elements, one in five a single one, one in four opens with the weekday of birth.
    """
    all_of = elements()
    first = np.full(len(style), -1, dtype=np.int64)
    second = first.copy()
    for which in (TIBETAN, UYGHUR, KAZAKH, MONGOL, YI):
        for gender in (1, 2):
            at = np.flatnonzero((style == which) & (sex == gender))
            fits = (all_of.style == which) & ((all_of.sex == 0) | (all_of.sex == gender))
            if not at.size:
                continue
            first[at] = _drawn(rng, fits & (all_of.place != "second"), len(at))
            if which == TIBETAN:
                second[at] = _drawn(rng, fits & (all_of.place != "first"), len(at))
            elif which in (UYGHUR, KAZAKH):
                male = (all_of.style == which) & (all_of.sex == 1)
                second[at] = _drawn(rng, male, len(at)) if father is None else father[at]
    tibetan = style == TIBETAN
    by_day = tibetan & (rng.random(len(style)) < 0.25)
    first[by_day] = all_of.weekdays[(born[by_day] + 3) % 7]  # 1970-01-01 was a Thursday
    second[tibetan & ((rng.random(len(style)) < 0.2) | (second == first))] = -1
    return first, second


def _drawn(rng: np.random.Generator, among: Bools, size: int) -> Ints:
    at = np.flatnonzero(among)
    found: Ints = at[pick(rng, elements().weight[at], size)]
    return found


def compose(
    style: Ints, surname: Texts, given: Texts, first: Ints, second: Ints, luck: Floats, dot: str = "·"
) -> Texts:
    """Write names out: ``luck`` (two columns) chooses the spelling of each element."""
    found: Texts = surname + given
    made = np.flatnonzero(first >= 0)
    if not made.size:
        return found
    head = elements().spelled(first[made], luck[made, 0])
    pair = second[made] >= 0
    tail = np.where(pair, elements().spelled(np.where(pair, second[made], 0), luck[made, 1]), "")
    joint = np.where(pair & np.isin(style[made], (UYGHUR, KAZAKH)), dot, "")
    found[made] = np.where(style[made] == YI, surname[made], "") + head + joint + tail
    return found


def invent(
    rng: np.random.Generator,
    style: Ints,
    surname: Texts,
    sex: Ints,
    born: Ints,
    shared: Texts | None = None,
    father: Names | None = None,
) -> Names:
    """Invent the official names of people of the given styles; ``father``: a child's, whose given name it bears."""
    given = han_given(rng, sex, born, texts([""] * len(style)) if shared is None else shared)
    given[style != HAN] = ""
    own = surname.copy()
    own[~np.isin(style, (HAN, YI))] = ""
    first, second = element_names(rng, style, sex, born, None if father is None else father.first)
    text = compose(style, own, given, first, second, rng.random((len(style), 2)))
    if father is not None:
        at = np.flatnonzero(np.isin(style, (UYGHUR, KAZAKH)) & (rng.random(len(style)) < _SPELT_AS_FATHERS))
        text[at] = [
            _given(child) + "·" + _given(parent) for child, parent in zip(text[at], father.text[at], strict=True)
        ]
    return Names(text, style, own, first, second)


def pet_names(people: Names, luck: Ints) -> Texts:
    """Say what children are called at home: a part of the name, its last character twice, or a pet name of its own.

    Of a Tibetan pair of elements it is the first syllable of each (达次 for 达瓦次仁), else one of the two.
    """
    found = [
        _pet_name(name, style, seed)
        for name, style, seed in zip(people.text.tolist(), people.style.tolist(), luck.tolist(), strict=True)
    ]
    return texts(found)


def _pet_name(name: str, style: int, seed: int) -> str:
    if style == TIBETAN and len(name) == 4:
        return (name[0] + name[2], name[:2], name[2:])[seed % 3]
    known = tables.rows("nicknames")
    if seed % 3 == 0 and len(name) >= 2 and style == HAN:
        return name[-1] * 2
    if seed % 3 == 1 and len(name) >= 3:
        return name[1:] if style == HAN else _given(name)
    return known[seed // 3 % len(known)]["nickname"]


def _given(name: str) -> str:
    return name.partition("·")[0]
