"""Keys lie outside HOME and are made once."""

import pytest

from warehouse import keys
from warehouse.keys import KeyFault


@pytest.fixture
def place(tmp_path):
    return tmp_path / "var", {"CHILDINDEX_KEYS": str(tmp_path / "keys")}


def test_a_missing_key_is_made_with_a_notice_and_found_again_without(place):
    home, environment = place
    told: list[str] = []
    key = keys.token_key(home, told.append, environment)
    assert len(bytes.fromhex(key)) == 32
    assert len(told) == 1
    assert str(keys.folder(home, environment)) in told[0]
    assert keys.token_key(home, told.append, environment) == key
    assert len(told) == 1


def test_a_key_is_for_its_owner_alone(place):
    home, environment = place
    keys.token_key(home, print, environment)
    file = keys.folder(home, environment) / "token.key"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(KeyFault, match="chmod 600"):
        keys.token_key(home, print, environment)


def test_two_homes_have_two_keys_in_one_folder(tmp_path, place):
    home, environment = place
    assert keys.token_key(home, print, environment) != keys.token_key(tmp_path / "other", print, environment)


def test_keys_inside_home_are_refused(place):
    home, _ = place
    with pytest.raises(KeyFault, match="inside"):
        keys.token_key(home, print, {"CHILDINDEX_KEYS": str(home / "keys")})


def test_a_lost_key_is_made_anew_and_the_break_is_told(place):
    home, environment = place
    keys.token_key(home, print, environment)
    (keys.folder(home, environment) / "token.key").unlink()
    told: list[str] = []
    keys.token_key(home, told.append, environment)
    assert ["can't be continued" in words for words in told] == [False, True]


def test_a_key_never_shows_in_a_notice(place):
    home, environment = place
    told: list[str] = []
    key = keys.token_key(home, told.append, environment)
    assert key not in "".join(told)


def test_a_damaged_key_is_said_to_be(place):
    home, environment = place
    keys.token_key(home, print, environment)
    (keys.folder(home, environment) / "token.key").write_text("oops")
    with pytest.raises(KeyFault, match="64 hexadecimal"):
        keys.token_key(home, print, environment)


def test_the_key_for_access_is_another_one(place):
    home, environment = place
    told: list[str] = []
    key = keys.access_key(home, told.append, environment)
    assert keys.access_key(home, told.append, environment) == key
    assert len(told) == 1
    assert key != keys.token_key(home, told.append, environment)
