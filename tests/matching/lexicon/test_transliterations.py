import pytest

from matching.lexicon import transliterations
from matching.lexicon.table import read


@pytest.mark.parametrize("language", ["tibetan", "turkic"])
def test_a_spelling_stands_once_a_language(language):
    rows = [row for row in read("transliterations.csv") if row["language"] == language]
    spellings = [spelling for row in rows if row["kind"] != "element" for spelling in row["han"].split()]

    assert len(spellings) == len(set(spellings))
    assert len(spellings) > 700


def test_a_tibetan_spelling_in_script_has_a_syllable_for_each_unit():
    for row in read("transliterations.csv"):
        for spelling in row["script"].split():
            assert len(spelling.split("་")) == len(row["canonical"].split()), row


def test_the_split_leaves_as_little_as_it_can():
    assert transliterations.split_han("扎西次仁").units == ("bkra", "shis", "tshe", "ring")
    assert transliterations.split_han("阿不都热合曼").units == ("abdu", "rahman")
    assert transliterations.split_han("扎西某").covered == 2


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("昂文多杰", "阿旺多吉"),
        ("才文卓玛", "次旺卓玛"),
        ("更求拉毛", "贡觉拉姆"),
        ("普措扎西", "平措扎西"),
        ("俄周闹布", "欧珠罗布"),
    ],
)
def test_spellings_of_kham_are_those_of_the_names_elsewhere(left, right):
    assert transliterations.split_han(left).units == transliterations.split_han(right).units


@pytest.mark.parametrize(
    ("left", "right"), [("图尔荪", "吐尔逊"), ("热合曼", "热合满"), ("次仁", "泽让"), ("巴图尔", "batur")]
)
def test_the_skeleton_keeps_the_consonants_that_spellings_share(left, right):
    assert transliterations.skeleton(left)[:2] == transliterations.skeleton(right)[:2]


def test_characters_that_spell_one_syllable_or_place_stand_for_one_another():
    spelled = transliterations.spelled_by()

    assert spelled["次"] & spelled["才"]
    assert spelled["吉"] & spelled["杰"]
    assert not spelled["央"] & spelled["多"]


def test_a_spelling_stands_once_in_a_part_of_yi_names():
    spellings = [(row["part"], spelling) for row in read("yi_names.csv") for spelling in row["han"].split()]

    assert len(spellings) == len(set(spellings))
    assert {len(spelling) for _part, spelling in spellings} == {2}
    assert len(spellings) > 200


def test_a_yi_name_is_a_clans_and_a_persons_that_are_known():
    assert transliterations.clan_and_person("吉克木呷") == transliterations.clan_and_person("结克木嘎")
    assert transliterations.clan_and_person("木呷吉克") is None
    assert transliterations.clan_and_person("吉克梓涵") is None
    assert transliterations.clan_and_person("吉克木呷呷") is None
