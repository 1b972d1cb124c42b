import duckdb

from connectors.errors import SpecError
from pipelines.failure import StepFailed, describe

CANARY = "11010519491231002X"


def test_a_drivers_message_is_never_repeated():
    try:
        duckdb.sql(f"select '{CANARY}'::integer").fetchall()
    except duckdb.Error as error:
        assert CANARY in str(error)
        assert CANARY not in str(StepFailed("std", "entry", error))


def test_our_own_words_are():
    assert describe(SpecError("education.enrolment: write the key")) == "education.enrolment: write the key"
