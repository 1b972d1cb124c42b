from stewardship.revealed import Opened


def test_a_case_whose_facts_changed_was_not_opened():
    opened = Opened()
    opened.add("zhang", 7, "facts")
    assert opened.has("zhang", 7, "facts")
    assert not opened.has("zhang", 7, "other facts")
    assert not opened.has("wang", 7, "facts")
