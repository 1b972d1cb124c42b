import duckdb
import pytest

from connectors.errors import SpecError
from pipelines.failure import StepFailed, describe

CANARY = "11010519491231002X"


def test_a_drivers_message_is_never_repeated():
    with pytest.raises(duckdb.Error, match=CANARY) as caught:
        duckdb.sql(f"select '{CANARY}'::integer").fetchall()
    assert CANARY not in str(StepFailed("std", "entry", caught.value))


def test_our_own_words_are():
    assert describe(SpecError("education.enrolment: write the key")) == "education.enrolment: write the key"
