"""The small code tables say what their standards say."""

import pytest

from policy import code_tables


def test_there_are_56_ethnic_groups_and_two_codes_of_the_household_registration():
    codes = [group.code for group in code_tables.ethnic_groups()]
    assert codes == [f"{number:02d}" for number in range(1, 57)] + ["97", "98"]


def test_no_two_groups_share_a_name_or_letters():
    groups = code_tables.ethnic_groups()
    assert len({group.name for group in groups}) == len(groups)
    lettered = [group.alpha for group in groups if group.alpha]
    assert len(set(lettered)) == len(lettered) == 56


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("04", "04"),
        ("4", "04"),
        ("藏族", "04"),
        ("藏", "04"),
        ("维吾尔族", "05"),
        ("０１", "01"),
        (" 汉 族 ", "01"),
        ("ha", "01"),
        ("Zang", "04"),
        ("97", "97"),
        ("其他", "97"),
        ("57", None),
        ("火星族", None),
        ("", None),
        (None, None),
    ],
)
def test_an_ethnic_group_is_read_by_code_name_or_letters(value, code):
    assert code_tables.ethnic_code(value) == code


def test_guardians_relations_come_down_to_four_words():
    words = {item.name: item.word for item in code_tables.guardian_relations()}
    assert set(words.values()) == {"father", "mother", "grandparent", "other"}
    assert (words["父亲"], words["继母或养母"], words["外祖母"], words["舅父"]) == (
        "father",
        "mother",
        "grandparent",
        "other",
    )


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (code_tables.sexes, "0129"),
        (code_tables.disability_kinds, "1234567"),
        (code_tables.disability_grades, "1234"),
    ],
)
def test_a_table_holds_its_standards_codes(table, codes):
    assert "".join(item.code for item in table()) == codes
    assert len({item.word for item in table()}) == len(codes)
