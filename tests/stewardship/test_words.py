import re
import string
from importlib import resources

import pytest

from stewardship import words
from stewardship.words import Words


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_things():
    for key, texts in words.load().items():
        assert texts["zh"].strip(), key
        assert texts["en"].strip(), key
        assert placeholders(texts["zh"]) == placeholders(texts["en"]), key


def test_chinese_is_chinese():
    for key, texts in words.load().items():
        if key not in ("page.language", "page.comma", "page.semicolon"):
            assert re.search(r"[一-鿿]", texts["zh"]), key


def test_every_text_that_a_template_names_is_there():
    folder = resources.files("stewardship") / "templates"
    for file in folder.iterdir():
        for key in re.findall(r"\bt\('([a-z_]+\.[a-z_A-Z0-9]+)'[,)]", file.read_text(encoding="utf-8")):
            assert key in words.load(), f"{file.name}: {key}"


def test_an_errors_words_are_told_in_ones_own_language():
    both = "请填写理由。 reason: say why. Somebody reads it."
    assert Words("zh").own(both) == "请填写理由。"
    assert Words("en").own(both) == "reason: say why. Somebody reads it."
    assert Words("zh").own("only one") == Words("en").own("only one") == "only one"


def test_a_text_that_nobody_wrote_is_an_error_not_a_key_on_the_page():
    with pytest.raises(words.WordMissing, match=r"stewardship/words/case\.yml"):
        Words("zh")("case.nonsense")
