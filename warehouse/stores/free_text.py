"""Words that people type to be kept: reasons, notes, purposes. They are shown and exported, so they hold no numbers."""

import re
import unicodedata

_NUMBERS = re.compile(
    r"(?<!\d)(?:\d{15,18}|\d{17}[Xx])(?!\d)"  # a citizen number, new or old, or one with a slip in it
    r"|(?<!\d)\d{6}[\s-]?(?:19|20)\d\d[\s-]?[01]\d[\s-]?[0-3]\d[\s-]?\d{3}[\dXx](?!\d)"  # as people write it in parts
    r"|(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"  # a mobile phone
)
_HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that nobody sees: between digits they hide a number, and some turn the words around them."""
LONGEST = 2_000  # characters


class WordsRefused(ValueError):
    """What was typed can't be kept; the message says why, and never repeats it."""


def checked(words: str, what: str) -> str:
    """Give the words without unseen characters, and without spaces around them.

    Refuses none, too many, and a citizen number's or a phone's digits.
    """
    kept = _UNSEEN.sub("", words).strip()
    if not kept:
        raise WordsRefused(f"请填写理由。 {what}: say why, in words; the next person reads it.")
    if len(kept) > LONGEST:
        raise WordsRefused(f"文字过长。 {what}: {len(kept)} characters; at most {LONGEST} are kept.")
    if holds_number(kept):
        raise WordsRefused(
            f"请勿填写身份证号或电话号码。 {what}: holds a citizen number or a phone number. Name the field instead."
        )
    return kept


def holds_number(text: str) -> bool:
    """Say if a citizen number's or a mobile phone's digits stand in the text, in parts or full-width too."""
    return _NUMBERS.search(_HASH.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))) is not None
