"""Passwords are kept as argon2id, and weak ones aren't taken."""

import time
from concurrent.futures import ThreadPoolExecutor

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


def test_many_who_knock_at_once_are_compared_a_few_at_a_time(monkeypatch):
    at_once, most = [], []

    class Slow:
        def verify(self, *_):
            at_once.append(1)
            most.append(len(at_once))
            time.sleep(0.02)
            at_once.pop()
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow)
    with ThreadPoolExecutor(8) as door:
        assert all(door.map(lambda _: passwords.is_right("word", "kept"), range(16)))
    assert max(most) == 2
