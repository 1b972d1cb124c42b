"""Feed specs: ours, and a site's laid over them."""

import pytest
import yaml

from connectors import specs
from connectors.errors import SpecError


@pytest.fixture
def site(tmp_path):
    """Write a site's spec; give the folder."""

    def write(given, feed="education", table="enrolment"):
        (tmp_path / feed).mkdir(exist_ok=True)
        text = given if isinstance(given, str) else yaml.safe_dump(given, allow_unicode=True)
        (tmp_path / feed / f"{table}.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_the_tables_come_in_a_fixed_order():
    assert list(specs.load()) == list(specs.TABLES)
    assert [spec.ordinal for spec in specs.load().values()] == list(range(1, 12))


@pytest.mark.parametrize("spec", specs.load().values(), ids=lambda spec: spec.raw_table)
def test_a_key_is_made_of_required_columns(spec):
    assert all(spec.columns[name].required for name in spec.key)


@pytest.mark.parametrize("spec", specs.load().values(), ids=lambda spec: spec.raw_table)
def test_whoever_a_column_can_name_is_an_identifier(spec):
    identifying = ("name", "citizen_no", "phone", "address")
    for name, column in spec.columns.items():
        assert column.type not in identifying or column.sensitivity == "identifier", name


def test_a_site_states_only_what_differs(site):
    folder = site({"columns": {"name": {"from": ["学生姓名", "姓名"]}}, "source": {"encoding": "utf-8"}})
    spec = specs.load(folder)["education", "enrolment"]
    assert spec.columns["name"].sources == ("学生姓名", "姓名")
    assert spec.columns["name"].required
    assert spec.source.encoding == "utf-8"
    assert spec.source.files == "学籍_*.csv"
    assert specs.load(folder)["health", "child_health"] == specs.load()["health", "child_health"]


def test_a_site_adds_code_words(site):
    words = (
        specs.load(site({"columns": {"sex": {"words": {"M": "male"}}}}))["education", "enrolment"].columns["sex"].words
    )
    assert words["M"] == "male"
    assert words["女"] == "female"


def test_a_name_alone_will_do_where_a_list_may_stand(site):
    assert specs.load(site({"columns": {"name": {"from": "学生"}}}))["education", "enrolment"].columns[
        "name"
    ].sources == ("学生",)


def test_a_table_may_come_in_another_format(site):
    folder = site({"source": {"format": "excel", "files": "学籍*.xlsx", "header_row": 3}})
    assert specs.load(folder)["education", "enrolment"].source == specs.ExcelSource(
        format="excel", files="学籍*.xlsx", header_row=3
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"colums": {}}, "colums"),
        ({"columns": {"name": {"form": "学生"}}}, "columns.name.form"),
        ({"columns": {"nickname": {"from": "小名"}}}, "nickname"),
        ({"columns": {"sex": {"words": {"M": "man"}}}}, "man"),
        ({"columns": {"name": {"words": {"M": "male"}}}}, "columns.name"),
        ({"columns": {"name": {"type": "nom"}}}, "columns.name.type"),
        ({"columns": {"name": {"from": "性别"}}}, "性别"),
        ({"source": {"encoding": "latin-1"}}, "source"),
        ({"key": ["student_id"]}, "student_id"),
        ({"feed": "schools"}, "schools"),
        ({"source": {"files": "a.csv", "separator": "||"}}, "separator"),
        ("columns: {name: {from: [甲]}, name: {from: [乙]}}", "given twice"),
        ("columns: [", "YAML"),
        ("- a", "keys and values"),
    ],
)
def test_a_spec_that_is_wrong_is_refused_by_file_and_key(site, given, told):
    with pytest.raises(SpecError, match=told) as error:
        specs.load(site(given))
    assert "enrolment.yml" in str(error.value)


def test_a_file_for_no_table_of_ours_is_refused(site):
    with pytest.raises(SpecError, match="no such table"):
        specs.load(site({}, table="enrollment"))


def test_a_folder_that_is_not_there_overrides_nothing(tmp_path):
    assert specs.load(tmp_path / "feeds") == specs.load()
