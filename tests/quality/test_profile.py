"""A profile counts what was delivered and keeps no value."""

from quality.profile import COUNTY, COUNTY_FILE, FILLED, ROWS, WORD, figures_of, profile_delivery, profile_faults

CANARY = "王小明13800009999"


def test_rows_filled_cells_words_and_counties(building, feeds, make_raw):
    enrolment = feeds["education", "enrolment"]
    make_raw(
        enrolment,
        100,
        sex=f"case when i < 50 then '男' when i < 80 then ' 2 ' when i < 90 then '{CANARY}' end",
        grade="case when i < 10 then '　' when i < 20 then '' when i < 30 then '  ' else ' 三　' end",
        residence_division_code="case when i < 60 then '429006001' when i < 90 then '429005' else '天门市' end",
    )
    building.execute(
        "insert into raw.file values ('education', 'enrolment', '学籍_429006.csv', 60), "
        "('education', 'enrolment', '学籍_429006_补.csv', 10), ('education', 'enrolment', '学籍.csv', 30), "
        "('health', 'child_health', '儿童健康档案_429006.csv', 5)"
    )
    rows = profile_delivery(building, enrolment)
    assert {(row.feed, row.table_name) for row in rows} == {("education", "enrolment")}
    assert figures_of(rows, ROWS) == {"": 100}
    assert figures_of(rows, FILLED)["sex"] == 90
    assert figures_of(rows, FILLED)["grade"] == 70
    assert figures_of(rows, WORD + "sex") == {"male": 50, "female": 30, "": 10}
    assert figures_of(rows, COUNTY) == {"429006": 60, "429005": 30}
    assert figures_of(rows, COUNTY_FILE) == {"429006": 70, "学籍.csv": 30}
    assert CANARY not in str(rows)


def test_every_table_of_the_contract_has_a_profile(building, feeds, make_raw):
    for spec in feeds.values():
        make_raw(spec, 20)
        assert len(figures_of(profile_delivery(building, spec), FILLED)) == len(spec.columns)


def test_an_empty_table_has_zeros(building, feeds, make_raw):
    welfare = feeds["civil_affairs", "welfare"]
    make_raw(welfare, 0)
    rows = profile_delivery(building, welfare)
    assert figures_of(rows, ROWS) == {"": 0}
    assert set(figures_of(rows, FILLED).values()) == {0}


def test_faults_are_counted_by_entry(building):
    building.execute(
        "create table std.entry as select i as entry_id, 'f' as feed, 't' as table_name from range(9) as n(i)"
    )
    building.execute(
        "insert into std.fault values (1, 'born_on', 'lunar'), (1, 'born_on', 'lunar'), (2, 'born_on', 'lunar'), "
        "(2, 'sex', 'unknown')"
    )
    assert [tuple(row) for row in profile_faults(building)] == [
        ("f", "t", "fault:born_on", "lunar", 2.0),
        ("f", "t", "fault:sex", "unknown", 1.0),
    ]
