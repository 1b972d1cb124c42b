from stewardship.revealed import Opened


def test_a_case_of_another_release_was_not_opened():
    opened = Opened()
    opened.add("zhang", 1, 7)
    assert opened.has("zhang", 1, 7)
    assert not opened.has("zhang", 2, 7)
    assert not opened.has("wang", 1, 7)
