"""The dictionary is rendered from the specs, and the page in docs is current."""

from warehouse import dictionary, specs


def test_the_page_in_docs_is_current():
    assert dictionary.PLACE.read_text(encoding="utf-8") == dictionary.render(), "run: make dictionary"


def test_every_table_and_column_is_in_it():
    page = dictionary.render()
    for spec in specs.load().values():
        assert f"### {spec.name} {spec.title}\n" in page
        assert all(f"| `{name}` |" in page for name in spec.columns)


def test_a_bar_in_a_text_does_not_break_the_table():
    rows = [line for line in dictionary.render().splitlines() if line.startswith("| `")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}
