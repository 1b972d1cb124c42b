"""Words that people type to be kept: reasons, notes, purposes. They are shown and exported, so they hold no numbers."""

import re
import unicodedata

_NUMBER = re.compile(r"(?<!\d)(?:\d[\s-]?){14,17}[\dXx](?!\d)|(?<!\d)1[3-9](?:[\s-]?\d){9}(?!\d)")
LONGEST = 2_000  # characters


class WordsRefused(ValueError):
    """What was typed can't be kept; the message says why, and never repeats it."""


def checked(words: str, what: str) -> str:
    """Give the words without spaces around them. Refuses none, too many, and a citizen number's or a phone's digits."""
    kept = words.strip()
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
    """Say if 15 to 18 digits or a mobile phone's eleven stand in the text, spaced or full-width ones too."""
    return _NUMBER.search(unicodedata.normalize("NFKC", text)) is not None
