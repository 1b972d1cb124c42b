"""Memory that a step of the linkage leaves to DuckDB."""

import duckdb
import pytest

from matching import statement


@statement.with_arrays
def _limit(con: duckdb.DuckDBPyConnection, fails: bool = False) -> str:
    limit = str(con.execute("select current_setting('memory_limit')").fetchall()[0][0])
    if fails:
        raise ValueError(limit)
    return limit


@pytest.mark.parametrize(
    ("given", "before", "meanwhile"),
    [("8GiB", "8.0 GiB", "2.0 GiB"), ("8GB", "7.4 GiB", "1.8 GiB"), ("3GiB", "3.0 GiB", "1.0 GiB")],
)
def test_duckdb_has_a_quarter_while_a_step_holds_arrays_and_all_again_after_it(given, before, meanwhile, tmp_path):
    with duckdb.connect(str(tmp_path / "file.duckdb"), config={"memory_limit": given}) as con:
        for _ in range(3):
            assert _limit(con) == meanwhile
            with pytest.raises(ValueError, match=meanwhile):
                _limit(con, fails=True)
            assert con.execute("select current_setting('memory_limit')").fetchall() == [(before,)]


def test_what_is_nowhere_but_in_memory_keeps_all_of_it():
    with duckdb.connect(config={"memory_limit": "8GiB"}) as con:
        assert _limit(con) == "8.0 GiB"


def test_little_is_not_made_less(tmp_path):
    with duckdb.connect(str(tmp_path / "file.duckdb"), config={"memory_limit": "900MiB"}) as con:
        assert _limit(con) == "900.0 MiB"
