"""Names are those of their decade, people and family."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from connectors.sample import county, names, places, tables
from connectors.sample.streams import Streams, texts


def invented(style: int, size: int = 3000) -> names.Names:
    rng = np.random.default_rng(1)
    peoples = texts(["01"] * size)
    surnames = names.surnames(rng, peoples)
    sex = np.tile([1, 2], size // 2)
    return names.invent(rng, np.full(size, style), surnames, sex, np.full(size, 16_000))


def test_surnames_are_as_frequent_as_in_life() -> None:
    found = Counter(invented(names.HAN).surname)
    assert 0.05 < found["王"] / 3000 < 0.1
    assert found["王"] > found["陈"] > found["郭"]
    assert len(found) > 150


def test_common_names_are_borne_by_several() -> None:
    assert Counter(invented(names.HAN).text).most_common(1)[0][1] > 3


def test_tibetan_names_have_no_surname_and_one_or_two_elements() -> None:
    found = invented(names.TIBETAN)
    assert set(found.surname) == {""}
    assert 0.1 < (found.second < 0).mean() < 0.35


def test_uyghur_names_are_given_and_fathers_with_a_dot() -> None:
    assert all(text.count("·") == 1 for text in invented(names.UYGHUR).text)


def test_an_element_has_two_to_five_spellings_and_the_first_is_commonest() -> None:
    spelled = names.elements().spelled(np.zeros(1000, dtype=np.int64), np.random.default_rng(1).random(1000))
    assert Counter(spelled).most_common(1)[0][0] == names.elements().spellings[0, 0]
    kinds = Counter(row["element"] for row in tables.rows("name_spellings") if row["style"] == "tibetan")
    assert min(kinds.values()) >= 2


def test_every_character_of_han_names_has_a_sound() -> None:
    known = tables.syllable_of()
    used = {row["character"] for row in tables.rows("given_characters")}
    assert not used - known.keys()


@pytest.mark.parametrize("jurisdiction", ["429006", "540000", "650000", "511500"])
def test_no_two_children_of_a_family_share_a_name_in_any_spelling(jurisdiction: str) -> None:
    streams = Streams(3)
    geography = places.load(jurisdiction, 2026, 2026, streams)
    found = county.invent(geography, 4000, [date(2026, 6, 30), date(2026, 12, 31)], streams)
    children, latin = found.children, names.elements().latin
    families: dict[int, list[int]] = defaultdict(list)
    for child, family in enumerate(children.family.tolist()):
        families[family].append(child)
    pairs = [pair for siblings in families.values() for pair in combinations(siblings, 2)]
    assert len(pairs) > 1500
    for one, other in pairs:
        texts_of = [{children.names.text[at], children.former_name[at]} - {""} for at in (one, other)]
        assert not texts_of[0] & texts_of[1]
        assert children.pet_name[one] != children.pet_name[other]
        if children.names.style[one] in (names.UYGHUR, names.KAZAKH):
            assert latin[children.names.first[one]] != latin[children.names.first[other]]
        elif children.names.style[one] == names.TIBETAN:
            elements = [(children.names.first[at], children.names.second[at]) for at in (one, other)]
            assert elements[0] != elements[1]


def test_a_child_is_not_called_like_a_parent() -> None:
    streams = Streams(3)
    found = county.invent(places.load("650000", 2026, 2026, streams), 4000, [date(2026, 6, 30)], streams)
    heard = names.heard(found.children.names)
    for adult in (found.families.father, found.families.mother, found.families.elder):
        assert not (heard == names.heard(adult)[found.children.family]).any()


def test_twins_bear_paired_names_oftener_than_other_siblings() -> None:
    streams = Streams(3)
    found = county.invent(places.load("429006", 2026, 2026, streams), 20_000, [date(2026, 6, 30)], streams).children
    kin = np.flatnonzero(found.family[1:] == found.family[:-1])
    given = [set(text[1:]) for text in found.names.text]
    paired = np.array([bool(given[at] & given[at + 1]) for at in kin])
    twins = found.born[kin] == found.born[kin + 1]
    assert twins.sum() > 50
    assert paired[twins].mean() > 0.5
    assert paired[~twins].mean() < 0.4


def test_most_children_spell_their_fathers_name_as_his_paper_does() -> None:
    streams = Streams(3)
    found = county.invent(places.load("650000", 2026, 2026, streams), 4000, [date(2026, 6, 30)], streams)
    children, families = found.children, found.families
    at = np.flatnonzero(children.names.style == names.UYGHUR)
    fathers = families.father.text[children.family[at]]
    same = [c.split("·")[1] == f.split("·")[0] for c, f in zip(children.names.text[at], fathers, strict=True)]
    assert 0.8 < np.mean(same) < 0.99


def test_names_that_only_the_writing_tells_apart_are_heard_alike() -> None:
    han = texts(["王浩宇", "王皓宇", "王浩然"])
    none = np.full(3, -1)
    found = names.heard(names.Names(han, np.full(3, names.HAN), texts(["王"] * 3), none, none))
    assert found[0] == found[1] != found[2]
