"""Passwords are kept as argon2id, and weak ones aren't taken."""

import pytest

from stewardship.access import passwords
from stewardship.access.passwords import PasswordRefused


def test_the_hash_is_argon2id_with_its_parameters():
    kept = passwords.hashed("correct horse 9", "li")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.is_right("correct horse 9", kept)
    assert not passwords.is_right("correct horse 8", kept)


@pytest.mark.parametrize("kept", [None, "", "plain"])
def test_without_a_hash_nothing_is_right(kept):
    assert not passwords.is_right("nobody has this password", kept)


@pytest.mark.parametrize("password", ["short9", "aaaaaaaaaaaaaaa", "xx-wangfang-99"])
def test_a_weak_one_is_refused_and_not_repeated(password):
    with pytest.raises(PasswordRefused) as refused:
        passwords.hashed(password, "wangfang")
    assert password not in str(refused.value)
