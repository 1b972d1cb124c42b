from pipelines.launch import dagster_instance
from warehouse.stores.engine import open_stores


def test_dagster_keeps_its_records_in_home_and_telephones_nobody(tmp_path):
    with dagster_instance(tmp_path) as instance:
        assert not instance.get_settings("telemetry").get("enabled", True)
    assert (tmp_path / "dagster" / "dagster.yaml").exists()


def test_what_can_not_be_rebuilt_still_waits_for_the_disk(tmp_path):
    with dagster_instance(tmp_path), open_stores(tmp_path / "stores").connect() as connection:
        assert connection.exec_driver_sql("pragma synchronous").scalar_one() == 2
