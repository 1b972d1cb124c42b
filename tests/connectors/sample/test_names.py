"""Names are those of their decade, people and family."""

from __future__ import annotations

from collections import Counter

import numpy as np

from connectors.sample import names, tables
from connectors.sample.streams import texts


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
