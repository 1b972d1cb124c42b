"""Numbers of invented people have the right shape and are never given twice."""

from __future__ import annotations

import numpy as np
import pytest

from connectors.sample import citizen_no


def test_the_specimen_of_the_standard_gets_its_check_character() -> None:
    assert citizen_no.written(np.array([11010519491231002]))[0] == "11010519491231002X"


def test_no_number_is_an_empty_text() -> None:
    assert citizen_no.written(np.array([0]))[0] == ""


def test_children_of_one_county_and_day_get_different_numbers_that_tell_their_sex() -> None:
    sex = np.tile([1, 2], 300)
    found = citizen_no.assign(np.full(600, 429006), np.full(600, 18_000), sex, salt=5)
    assert len(np.unique(found)) == 600
    assert ((found % 2 == 1) == (sex == 1)).all()


def test_more_children_than_numbers_are_refused_in_words() -> None:
    many = np.full(501, 1)
    with pytest.raises(ValueError, match="500 numbers a day"):
        citizen_no.assign(many * 429006, many * 18_000, many, salt=5)
