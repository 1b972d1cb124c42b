from pathlib import Path

from connectors import describe


def test_the_feeds_page_is_what_the_specs_say():
    assert (Path(__file__).parents[2] / describe.PAGE).read_text(encoding="utf-8") == describe.render()
