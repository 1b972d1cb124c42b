"""What people read on the pages, as data: Chinese first, English beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Literal, get_args

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class WordMissing(LookupError):
    """A page asks for words that nobody wrote."""


@cache
def load() -> Mapping[str, Mapping[Language, str]]:
    """Every text by its key, ``case.same``; each file of the folder is the part before the dot."""
    found: dict[str, Mapping[Language, str]] = {}
    for file in sorted(resources.files("stewardship.words").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yml"):
            part = file.name.removesuffix(".yml")
            for key, (chinese, english) in yaml.safe_load(file.read_text(encoding="utf-8")).items():
                found[f"{part}.{key}"] = {"zh": chinese, "en": english}
    return found


class Words:
    """The texts in one language. ``words("case.same")``; names in braces are filled in."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **given: object) -> str:
        """Raise :class:`WordMissing` rather than show a key."""
        texts = load().get(key)
        if texts is None:
            part = key.partition(".")[0]
            raise WordMissing(f"{key}: no such text. Add it to stewardship/words/{part}.yml.")
        text = texts[self.language]
        return text.format(**given) if given or "{" in text else text

    def listed(self, texts: Iterable[str]) -> str:
        """Several things in a row, as the language lists them."""
        return self("page.comma").join(texts)

    def own(self, text: str) -> str:
        """Of an error's words, Chinese first and English behind it, the part in this language."""
        chinese, is_both, english = text.partition("。 ")
        return f"{chinese}。" if is_both and self.language == "zh" else english or text

    def known(self, key: str, otherwise: str) -> str:
        """The words for a code, or the code itself where it came from data that may hold others."""
        return self(key) if key in load() else otherwise
