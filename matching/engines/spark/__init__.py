"""The linkage's heavy steps on Spark; needs ``pip install child-index[spark]`` and Java 17 or newer."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from matching.engines.engine import Engine
from matching.engines.spark.place import Place

__all__ = ["NoSpark", "Place", "open_engine"]


class NoSpark(RuntimeError):
    """Spark can't be started here."""


def open_engine(place: Place, folder: Path) -> Engine:
    """The Spark engine; ``folder`` is made for it, and for its owner alone. Close it.

    Raises :class:`NoSpark` where there is no PySpark, or no Java.
    """
    absent = [package for package in ("pyspark", "sqlglot") if find_spec(package) is None]
    if absent:
        raise NoSpark(
            f"The Spark engine needs {' and '.join(absent)}, not installed here. Install with"
            " `pip install 'child-index[spark]'`, or run with --engine duckdb."
        )
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise NoSpark(
            "The Spark engine needs Java 17 or newer: no `java` on the path, and JAVA_HOME isn't set. On Debian:"
            " `apt-get install openjdk-17-jre-headless`. Or run with --engine duckdb."
        )
    from matching.engines.spark.engine import SparkEngine

    return SparkEngine(place, folder)
