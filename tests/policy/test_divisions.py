"""What a delivered division means on a date: codes of all ages and shapes, names, and what is no place."""

import time
from collections.abc import Sequence
from datetime import date

import pytest

from policy.divisions import Ancestors, Division, DivisionFault, Divisions, Level, Place, fold, load

TODAY = date(2026, 6, 30)
FAULT = DivisionFault


def record(code: str, name: str, first: int, last: int | None = None, successors: Sequence[str] = ()) -> Division:
    return Division(
        code=code,
        name=name,
        level=Level.PROVINCE if code.endswith("0000") else Level.COUNTY,
        type="",
        parent="980100",
        valid_from=first,
        valid_to=last,
        successors=tuple(successors),
        partial_transfers=(),
        current=(),
    )


@pytest.mark.parametrize(
    "value",
    [
        "429006",
        "４２９００６",
        " 42 9006 ",
        "429006.0",
        "'429006",
        "429006100",
        "429006100001",
        "4.29006E+05",
        '="429006"',
        "429006天门市",
        "429006-天门市",
        "湖北省天门市（429006）",
        "4.29006100E+11",
        "429006000",
    ],
)
def test_a_code_is_read_however_it_was_typed(value):
    assert load().resolve(value, TODAY).codes == ("429006",)


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("540125", ("540103",)),  # 堆龙德庆县, a district since 2015
        ("130521", ("130502", "130503")),  # 邢台县 was split
        ("500112", ("500109", "500157")),  # 渝北区, 2025
        ("500105", ("500157",)),  # 江北区, 2025
        ("421302", ("421303", "421321")),  # the first 曾都区
        ("140202", ("140213", "140214")),
        ("320721", ("320707",)),
        ("469031", ("460302", "460303")),  # went to a prefecture that has districts by now
    ],
)
def test_a_retired_code_is_its_successors_in_force(value, codes):
    place = load().resolve(value, TODAY)
    assert (place.codes, place.level, place.fault) == (codes, Level.COUNTY, FAULT.RETIRED)


def test_a_code_that_came_back_is_followed_through_its_years():
    divisions = load()
    assert divisions.resolve("429001", date(1989, 6, 30)).codes == ("429001",)
    assert divisions.resolve("429001", date(1991, 6, 30)).codes == ("420681",)
    assert divisions.resolve("420681", date(1997, 6, 30)).codes == ("429001",)
    assert divisions.resolve("429001", TODAY).codes == divisions.resolve("420681", TODAY).codes == ("421303", "421321")


def test_a_reissued_code_means_the_place_of_its_day():
    was = record("980121", "甲县", 1990, 2000, ["980102"])
    now = record("980121", "乙县", 2005)
    divisions = Divisions([was, now, record("980102", "甲区", 2000)])
    assert divisions.resolve("980121", date(1999, 6, 30)).codes == ("980121",)
    assert divisions.resolve("980121", date(2003, 6, 30)).codes == ("980102",)
    assert divisions.resolve("980121", TODAY) == Place(("980121",), Level.COUNTY, "980100", "980000")


def test_in_the_year_of_a_change_the_old_and_the_new_code_mean_the_same():
    divisions = load()
    for month in (1, 12):
        old, new = (divisions.resolve(code, date(2025, month, 28)) for code in ("500105", "500157"))
        assert old.codes == new.codes == ("500157",)


def test_a_code_younger_than_the_date_is_its_predecessors():
    place = load().resolve("500157", date(2024, 12, 31))
    assert (place.codes, place.fault) == (("500105", "500112"), FAULT.NOT_YET)


def test_a_young_code_without_known_predecessors_still_tells_the_prefecture():
    assert load().resolve("653132", date(2025, 12, 31)) == Place(
        (), Level.PREFECTURE, "653100", "650000", FAULT.NOT_YET
    )


@pytest.mark.parametrize("code", ["441900", "442000", "460400", "620200"])
def test_a_prefecture_without_counties_is_its_own_county_unit(code):
    assert load().resolve(code, TODAY).codes == (code,)


@pytest.mark.parametrize(("value", "code"), [("620201", "620200"), ("441900003", "441900"), ("441999", "441900")])
def test_codes_below_a_prefecture_without_counties_mean_the_prefecture(value, code):
    place = load().resolve(value, TODAY)
    assert (place.codes, place.fault) == ((code,), None)


@pytest.mark.parametrize(
    ("value", "fault", "level", "prefecture", "province"),
    [
        ("", FAULT.BLANK, Level.NONE, None, None),
        (None, FAULT.BLANK, Level.NONE, None, None),
        (" 无 ", FAULT.BLANK, Level.NONE, None, None),
        ("12345", FAULT.MALFORMED, Level.NONE, None, None),
        ("42900610", FAULT.MALFORMED, Level.NONE, None, None),
        ("4.29006E+11", FAULT.MALFORMED, Level.NONE, None, None),  # may have been 429005501001
        ("tianmen", FAULT.MALFORMED, Level.NONE, None, None),
        ("999999", FAULT.PLACEHOLDER, Level.NONE, None, None),
        ("000000", FAULT.PLACEHOLDER, Level.NONE, None, None),
        ("999999999999", FAULT.PLACEHOLDER, Level.NONE, None, None),
        ("880101", FAULT.UNKNOWN, Level.NONE, None, None),
        ("420199", FAULT.UNKNOWN, Level.NONE, None, None),
        ("420100", FAULT.CITY_LEVEL, Level.PREFECTURE, "420100", "420000"),
        ("420100000000", FAULT.CITY_LEVEL, Level.PREFECTURE, "420100", "420000"),
        ("522200", FAULT.CITY_LEVEL, Level.PREFECTURE, "520600", "520000"),  # a retired 地区
        ("341400", FAULT.CITY_LEVEL, Level.PROVINCE, None, "340000"),  # 巢湖, shared among three cities
        ("420000", FAULT.PROVINCE_LEVEL, Level.PROVINCE, None, "420000"),
        ("810000", FAULT.PROVINCE_LEVEL, Level.PROVINCE, None, "810000"),
        ("429000", FAULT.PSEUDO, Level.PROVINCE, None, "420000"),
        ("659000", FAULT.PSEUDO, Level.PROVINCE, None, "650000"),
        ("110100", FAULT.PSEUDO, Level.PROVINCE, None, "110000"),
        ("500200", FAULT.PSEUDO, Level.PROVINCE, None, "500000"),
        ("420101", FAULT.PSEUDO, Level.PREFECTURE, "420100", "420000"),
        ("421001", FAULT.PSEUDO, Level.PREFECTURE, "421000", "420000"),  # a county until 1983, a sum line since
        ("130171", FAULT.DEVELOPMENT_ZONE, Level.PREFECTURE, "130100", "130000"),
        ("232761", FAULT.DEVELOPMENT_ZONE, Level.PREFECTURE, "232700", "230000"),
        ("朝阳区", FAULT.AMBIGUOUS_NAME, Level.NONE, None, None),
        ("大观园", FAULT.UNKNOWN_NAME, Level.NONE, None, None),
        ("武汉市", FAULT.CITY_LEVEL, Level.PREFECTURE, "420100", "420000"),
        ("湖北省", FAULT.PROVINCE_LEVEL, Level.PROVINCE, None, "420000"),
        ("北京", FAULT.PROVINCE_LEVEL, Level.PROVINCE, None, "110000"),
    ],
)
def test_what_is_no_county_is_missing_with_its_reason(value, fault, level, prefecture, province):
    assert load().resolve(value, TODAY) == Place((), level, prefecture, province, fault)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("天门市", ("429006",)),
        ("湖北省天门市", ("429006",)),
        ("湖北天门市", ("429006",)),
        ("湖北省直辖县级行政区划天门市", ("429006",)),
        ("洛阳市涧西区", ("410305",)),
        ("洛阳涧西区", ("410305",)),
        ("河南省洛阳市涧西区", ("410305",)),
        ("北京市朝阳区", ("110105",)),
        ("北京市市辖区朝阳区", ("110105",)),
        ("东莞市", ("441900",)),
        ("堆龙德庆县", ("540103",)),  # a former name
        ("襄樊市襄城区", ("420602",)),  # below the city's former name
        ("河北省邢台市邢台县", ("130502", "130503")),
        ("天门", ("429006",)),
        ("北京海淀", ("110108",)),
        ("恩施土家族苗族自治州利川", ("422802",)),
    ],
)
def test_a_name_where_a_code_is_due_is_resolved_and_said_so(name, codes):
    place = load().resolve(name, TODAY)
    assert (place.codes, place.fault) == (codes, FAULT.NAME_NOT_CODE)


def test_every_county_is_found_by_its_full_name_of_today():
    units = load().county_units(TODAY).to_pylist()
    assert [unit for unit in units if load().resolve(unit["full_name"], TODAY).codes != (unit["code"],)] == []


@pytest.mark.parametrize("name", ["朝阳", "城关", "拉萨", "南山", "东"])
def test_a_short_name_of_several_places_or_of_a_city_is_no_county(name):
    assert load().resolve(name, TODAY).codes == ()


def test_a_retired_county_whose_heir_is_not_known_is_no_other_county():
    divisions = Divisions(
        [
            record("980000", "某省", 1981),
            record("980121", "甲县", 1981, 1990),
        ]
    )
    assert divisions.resolve("980121", TODAY) == Place((), Level.PROVINCE, None, "980000", FAULT.RETIRED)


@pytest.mark.parametrize(
    ("value", "township"),
    [("429006", None), ("429006100", "429006100"), ("429006100001", "429006100"), ("429006000000", None)],
)
def test_the_township_is_the_next_three_digits(value, township):
    assert load().resolve(value, TODAY).township == township


def test_many_values_come_back_in_their_order():
    values = ["429006", "", "130521", "429006"]
    divisions = load()
    assert divisions.resolve_many(values, TODAY) == [divisions.resolve(value, TODAY) for value in values]


def test_twenty_thousand_distinct_values_take_less_than_a_second():
    divisions = load()
    values = [f"{item.code}{number:03d}" for item in divisions.records for number in range(3)][:20_000]
    before = time.process_time()
    divisions.resolve_many(values, TODAY)
    assert time.process_time() - before < 1


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("429006", "湖北省天门市"),
        ("410305", "河南省洛阳市涧西区"),
        ("110105", "北京市朝阳区"),
        ("441900", "广东省东莞市"),
        ("420000", "湖北省"),
        ("540125", "西藏自治区拉萨市堆龙德庆县"),
        ("880101", "880101"),
    ],
)
def test_the_name_for_display_is_full(code, name):
    assert load().name(code, TODAY) == name


def test_the_name_is_that_of_the_day():
    assert load().name("420602", date(2005, 6, 30)) == "湖北省襄樊市襄城区"
    assert load().name("420602", TODAY) == "湖北省襄阳市襄城区"


def test_ancestors_skip_a_prefecture_that_does_not_exist():
    divisions = load()
    assert divisions.ancestors("410305") == Ancestors("410300", "410000")
    assert divisions.ancestors("429006") == Ancestors(None, "420000")
    assert divisions.ancestors("110105") == Ancestors(None, "110000")
    assert divisions.ancestors("441900") == Ancestors("441900", "440000")
    assert divisions.ancestors("880101") == Ancestors(None, None)


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        ("540102", "540103", True),  # two districts of Lhasa
        ("540102", "540121", False),  # a county of Lhasa
        ("110105", "110108", False),  # a municipality has no central districts of itself
        ("420102", "421002", False),  # two cities
        ("429006", "429006", False),
        ("880101", "540102", False),
    ],
)
def test_districts_of_one_prefecture_level_city(left, right, answer):
    assert load().same_city_districts(left, right) is answer
    assert load().same_city_districts(right, left, TODAY) is answer


def test_county_units_are_a_table_to_join():
    units = load().county_units(TODAY).to_pylist()
    by_code = {unit["code"]: unit for unit in units}
    assert len(by_code) == len(units) == 2851  # 2,847 counties and four prefectures without any
    assert by_code["429006"] == {
        "code": "429006",
        "name": "天门市",
        "full_name": "湖北省天门市",
        "type": "县级市",
        "prefecture": None,
        "province": "420000",
    }
    assert by_code["441900"]["prefecture"] == "441900"
    assert "500105" not in by_code


def test_partial_transfers_are_a_table_to_join():
    rows = load().partial_transfers().to_pylist()
    assert {"from_code": "500109", "to_code": "500157", "year": 2025} in rows


def test_successions_say_where_the_territory_of_codes_out_of_force_is():
    found = load().successions(date(2026, 6, 30)).to_pylist()
    of: dict[str, set[str]] = {}
    for row in found:
        of.setdefault(row["code"], set()).add(row["successor"])
    assert of["422428"] == {"429006"}
    assert of["130521"] == {"130502", "130503"}
    units = set(load().county_units(date(2026, 6, 30)).column("code").to_pylist())
    assert not units & set(of)
    assert set().union(*of.values()) <= units


@pytest.mark.parametrize(
    ("value", "text"), [("429006.00", "429006"), ("1.10105501e11", "110105"), ("429006.5", "429006.5")]
)
def test_folding_undoes_what_excel_does_and_nothing_else(value, text):
    assert fold(value) == text
