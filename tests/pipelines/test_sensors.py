"""New deliveries are asked for, and a look at the inbox leaves no connection open."""

import os
import time

import dagster as dg
import pytest

from pipelines import sensors, site
from pipelines.launch import dagster_instance
from warehouse.stores import engine


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A site's home whose inbox holds a half-year that came an hour ago."""
    home, delivery = tmp_path / "home", tmp_path / "inbox" / "2026H1" / "education" / "学籍_429006.csv"
    delivery.parent.mkdir(parents=True)
    delivery.write_text("学籍号\n")
    os.utime(delivery, (time.time() - 3600,) * 2)
    home.mkdir()
    site.write(home, jurisdiction="429006", inbox=tmp_path / "inbox")
    monkeypatch.setenv("CHILDINDEX_HOME", str(home))
    return home


def test_a_delivery_is_asked_for_and_the_stores_are_left_shut(home, monkeypatch):
    opened = []
    monkeypatch.setattr(sensors, "open_stores", lambda place: opened.append(engine.open_stores(place)) or opened[-1])
    with dagster_instance(home) as instance:
        (request,) = sensors.new_delivery(dg.build_sensor_context(instance=instance))
    assert request.partition_key == "2026H1"
    (stores,) = opened
    assert stores.pool.checkedin() == stores.pool.checkedout() == 0
