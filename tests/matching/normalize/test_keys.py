import pytest

from matching.normalize import keys


@pytest.mark.parametrize(
    ("delivered", "folded"),
    [
        (" g42900620160305001x", "G42900620160305001X"),
        ("Ｑ123 456-789", "Q123456789"),
        ("1234567.0", "1234567"),
        ("4.29006E+17", None),
        ("无", None),
    ],
)
def test_a_departments_number_is_folded(delivered, folded):
    assert keys.fold(delivered) == folded
