import pytest

from stewardship import keys
from stewardship.keys import DEFAULT, KeysRefused


def test_a_map_survives_its_cookie():
    mine = keys.checked({"same": "j", "help": "é"})
    assert keys.of_cookie(keys.to_cookie(mine)) == mine


@pytest.mark.parametrize("wanted", [{"same": "2"}, {"same": ""}, {"same": "ab"}, {"same": " "}, {"same": "\n"}])
def test_a_map_in_which_a_key_is_missing_or_does_two_things_is_refused(wanted):
    with pytest.raises(KeysRefused) as refused:
        keys.checked(wanted)
    assert "same" in refused.value.acts


@pytest.mark.parametrize("cookie", ["", "same", "same-50", "same-x.help-y", "same-99999999999", "nothing-49"])
def test_a_cookie_that_is_no_map_gives_the_default(cookie):
    assert keys.of_cookie(cookie) == DEFAULT
