import subprocess
import sys

import pytest
from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

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


def test_a_character_is_read_as_pypinyin_reads_it():
    for code in {marked: code for code, marked in PINYIN_DICT.items()}.values():  # one for each set of readings
        theirs = pinyin(chr(code), style=Style.NORMAL, heteronym=True)[0]
        usual = [sound for sound in theirs if sound.isalpha()][:4]
        assert readings.readings(chr(code))[: len(usual)] == tuple(usual), hex(code)


def test_pypinyins_phrases_are_not_read():
    asked = "import sys; from matching.lexicon import readings; readings.syllables(); print('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "False\n"
