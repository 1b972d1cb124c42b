import pytest

from matching.lexicon import readings


@pytest.mark.parametrize(
    ("surname", "sound"),
    [("单", "shan"), ("曾", "zeng"), ("仇", "qiu"), ("任", "ren"), ("解", "xie"), ("查", "zha"), ("朴", "piao")],
)
def test_a_surname_is_read_as_one(surname, sound):
    assert readings.sound(surname, is_surname=True) == sound
    assert sound in readings.readings(surname)


def test_a_character_has_all_its_readings():
    assert set(readings.readings("乐")) >= {"le", "yue"}


@pytest.mark.parametrize(
    ("left", "right"), [("zhang", "zan"), ("ling", "nin"), ("fang", "huang"), ("ran", "lan"), ("sheng", "sen")]
)
def test_near_sounds_fold_together(left, right):
    assert readings.near(left) == readings.near(right)


@pytest.mark.parametrize(("left", "right"), [("han", "xuan"), ("wang", "huang"), ("jie", "qie"), ("bo", "po")])
def test_other_sounds_stay_apart(left, right):
    assert readings.near(left) != readings.near(right)


@pytest.mark.parametrize(
    ("word", "split"),
    [("zhangsan", ("zhang", "san")), ("lyu", ("lv",)), ("memet", None), ("wangzihan", ("wang", "zi", "han"))],
)
def test_letters_are_split_into_syllables(word, split):
    assert readings.split_pinyin(word) == split
