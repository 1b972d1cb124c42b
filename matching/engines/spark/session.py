"""A Spark session for the linkage, and where its work lies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from matching.engines.spark.place import Place

_NOTHING = """\
appender.none.type = Null
appender.none.name = none
rootLogger.level = off
rootLogger.appenderRef.none.ref = none
"""
_ROWS_AT_ONCE = 500_000  # a batch handed to Python
_BYTES_A_TASK = 16 * 1024**2  # of a file of pairs, which packs tightly


def start(place: Place, folder: Path) -> SparkSession:
    """Start a session, or take the one that this process has; ``folder`` is for what Spark spills on this machine.

    What ``spark-defaults.conf`` says of a cluster (executors, their memory, the packed environment) holds. Files Spark
    writes are readable by their owner alone.
    """
    settings: dict[str, bool | float | int | str | None] = {
        "spark.driver.memory": f"{place.heap}m",
        "spark.hadoop.fs.permissions.umask-mode": "077",
        "spark.io.encryption.enabled": "true",  # what is spilled holds names
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(_ROWS_AT_ONCE),
        "spark.sql.files.maxPartitionBytes": str(_BYTES_A_TASK),
        "spark.sql.files.openCostInBytes": "0",
        "spark.ui.showConsoleProgress": "false",
    }
    if place.is_local:
        settings |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.local.dir": str(folder / "spill"),
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.sql.shuffle.partitions": str(max(4 * place.threads, 8)),
        }
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # Spark looks there only; else it takes any python3
        settings["spark.driver.extraJavaOptions"] = f"-Dlog4j2.configurationFile={_quiet(folder).as_uri()}"
    return SparkSession.builder.master(place.url).appName("child-index").config(map=settings).getOrCreate()


def _quiet(folder: Path) -> Path:
    """A file that says what Java logs: nothing; what goes wrong comes as an exception."""
    path = folder / "log4j2.properties"
    path.write_text(_NOTHING, encoding="utf-8")
    return path
