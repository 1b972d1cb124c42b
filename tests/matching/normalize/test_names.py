import pytest

from matching.normalize import names
from tests.matching.normalize.tables import cases


@pytest.mark.parametrize("case", cases("names"), ids=lambda case: case["delivered"])
def test_a_name_is_folded_and_sorted_into_its_kind(case):
    name = names.describe_one(case["delivered"])

    found = (name.kind, name.folded, name.surname, name.given, name.of_parent)
    assert tuple(part or "" for part in found) == tuple(
        case[column] for column in ("kind", "folded", "surname", "given", "of_parent")
    )


@pytest.mark.parametrize(
    ("delivered", "sound_key"),
    [
        ("单雄", "shanxiong"),
        ("曾伟", "zengwei"),
        ("尉迟恭", "yuchigong"),
        ("Zhang San", "zhangsan"),
        ("张三", "zhangsan"),
    ],
)
def test_the_sound_key_reads_surnames_as_surnames(delivered, sound_key):
    assert names.describe_one(delivered).sound_key == sound_key


@pytest.mark.parametrize(
    ("left", "right"),
    [("张晨", "章程"), ("林宁", "林玲"), ("刘娜", "牛拉"), ("胡芳", "符黄")],
)
def test_near_sounds_have_one_key(left, right):
    assert names.describe_one(left).near_sound_key == names.describe_one(right).near_sound_key


@pytest.mark.parametrize(
    "spellings",
    [
        ["次仁", "才仁", "泽仁", "慈仁", "Tsering", "Ciren", "ཚེ་རིང་"],
        ["买买提", "买合买提", "麦麦提", "穆罕默德", "Memet", "Muhemmet"],
        ["阿不都热合曼", "阿布都热合满", "阿卜杜热赫曼", "Abdurahman"],
        ["旦增", "丹增", "登增", "Tenzin", "བསྟན་འཛིན"],
        ["索朗", "索南", "四郎"],
        ["平措", "彭措", "朋措"],
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_of_one_name_have_one_variant_key(spellings):
    assert len({names.describe_one(spelling).variant_key for spelling in spellings}) == 1


def test_what_a_wrong_decoding_left_is_marked():
    name = names.describe_one("王锟斤拷")

    assert (name.kind, name.fault) == ("placeholder", "placeholder")


def test_private_use_characters_of_the_old_standard_get_their_code_points():
    assert names.describe_one("张\ue81e").folded == "张\u9fb4"


def test_other_private_use_characters_are_unknown_ones():
    name = names.describe_one("王\ue123涵")

    assert (name.folded, name.has_unknown, name.fault) == ("王□涵", True, "unknown_character")


def test_a_line_break_in_a_name_does_not_shift_the_others():
    assert names.fold_all(["张\n三", "李四"]) == ["张 三", "李四"]


def test_describing_keeps_the_order_and_the_delivered_text():
    table = names.describe(["王　芳", "张偉", ""])

    assert table["delivered"].to_pylist() == ["王　芳", "张偉", ""]
    assert table["folded"].to_pylist() == ["王芳", "张伟", None]


def test_all_at_once_and_one_by_one_describe_alike():
    texts = [case["delivered"] for case in cases("names")]
    texts += ["张 三", "单  雄", "欧阳修", "欧阳", "尉迟 恭", "扎西次仁", "王之", "不详", "不 详", "某某"]
    texts += ["陈□", "𠮷野", "张", "李\x00"]

    together = names.describe(texts).to_pylist()

    alone = [names.describe_one(text) for text in texts]
    assert [row["kind"] for row in together] == [name.kind.value for name in alone]
    for column in names.SCHEMA.names[3:]:
        one_by_one = [getattr(name, column) for name in alone]
        expected = [list(value) if isinstance(value, tuple) else value for value in one_by_one]
        assert [row[column] for row in together] == expected, column


def test_a_word_for_nothing_is_no_name():
    assert names.describe_one("不详").kind is names.NameKind.BLANK
