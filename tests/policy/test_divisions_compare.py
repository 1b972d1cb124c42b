"""The comparison with another table asks one question of both: what became of the code in that year?"""

from collections.abc import Sequence

import pytest

from policy.build.compare_divisions import Table, current_differences, differences, report, row_differences

COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "successors", "partial_transfers", "current")


def table(*rows: Sequence[str]) -> Table:
    return Table([dict(zip(COLUMNS, row, strict=True)) for row in rows])


def county(
    code: str, name: str, first: str, last: str = "", successors: str = "", transfers: str = "", current: str = ""
) -> Sequence[str]:
    return (code, name, "county", "980100", first, last, successors, transfers, current or code)


REFERENCE = table(
    county("980121", "乙县", "1981", "2010", "980102 980103", current="980102 980103"),
    county("980102", "乙区", "2010"),
    county("980103", "丙区", "2010"),
    county("980122", "戊县", "1981", "1999", "980122", current="980122"),
    county("980122", "己县", "1999"),
)


def test_the_same_table_differs_in_nothing(capsys):
    assert differences(REFERENCE, REFERENCE) == []
    assert report(REFERENCE, REFERENCE, 2005, False) == 0
    assert "differences since 2005: 0" in capsys.readouterr().out


def test_a_mere_change_of_name_is_no_difference():
    ours = table(*(tuple(row.values()) for row in REFERENCE.rows[:3]), county("980122", "戊县", "1981"))
    assert differences(ours, REFERENCE) == []


def test_one_heir_of_two_is_a_difference_of_sets(capsys):
    ours = table(
        county("980121", "乙县", "1981", "2010", "980102", current="980102"),
        *(tuple(row.values()) for row in REFERENCE.rows[1:]),
    )
    (found,) = differences(ours, REFERENCE)
    assert str(found) == "980121@2010 乙县: ours {980102}, reference {980102, 980103}"
    assert current_differences(ours, REFERENCE) == ["980121 乙县: ours {980102}, reference {980102, 980103}"]
    assert report(ours, REFERENCE, 2005, False) == 1
    assert report(ours, REFERENCE, 2011, True) == 0
    assert "980121@2010" in capsys.readouterr().out


@pytest.mark.parametrize("missing", [0, 1])
def test_a_code_that_one_table_lacks_is_a_difference(missing, capsys):
    ours = table(*(tuple(row.values()) for number, row in enumerate(REFERENCE.rows) if number != missing))
    assert report(ours, REFERENCE, 2005, False) == 1
    assert capsys.readouterr().out


def test_small_tables_are_compared_by_the_columns_both_have(tmp_path):
    ours, theirs = tmp_path / "a.csv", tmp_path / "b.csv"
    ours.write_text("code,name,word\n1,男性,male\n2,女性,female\n", encoding="utf-8")
    theirs.write_text("code,name\n1,男性\n9,未说明的性别\n", encoding="utf-8")
    assert row_differences(ours, theirs) == ["ours: 2,女性", "reference: 9,未说明的性别"]
