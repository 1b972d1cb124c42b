"""Private-use characters of the old GB18030 table."""

import pytest

from connectors.characters import modernise


@pytest.mark.parametrize(
    ("raw", "character"),
    [(b"\xa8\xbc", "ḿ"), (b"\xa6\xd9", "︐"), (b"\xfe\x59", "龴"), (b"\xfe\xa0", "龻"), (b"\xfe\x51", "𠂇")],
)
def test_bytes_whose_character_is_known_get_it(raw, character):
    assert modernise(raw.decode("gb18030")) == character


def test_a_departments_own_character_is_kept():
    assert modernise("王\ue000\ue7ff") == "王\ue000\ue7ff"
