"""Passes rows between DuckDB's file and Spark, as parquet in a folder that only its owner can enter."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

_ROW_GROUP = 250_000


class Exchange:
    """Folders of parquet, each under a number of its own.

    ``folder``: on this machine. ``url``: where the nodes find it; None where they see ``folder`` itself. With a URL
    files are copied there and back by Hadoop's file systems, so any that Spark reads will do.
    """

    def __init__(self, session: SparkSession, folder: Path, url: str | None) -> None:
        self._session = session
        self._folder = folder
        self._url = url.rstrip("/") if url else None
        self._names: list[str] = []

    def to_spark(self, con: duckdb.DuckDBPyConnection, query: str, *values: object) -> DataFrame:
        """The rows of a query. Spark has no unsigned integers: hashes keep their bits and may be negative there."""
        return self.rows_to_spark(con.execute(query, list(values)).to_arrow_reader(_ROW_GROUP))

    def rows_to_spark(self, rows: pa.RecordBatchReader) -> DataFrame:
        """The same of Arrow rows."""
        name = self._name()
        folder = self._folder / name
        folder.mkdir(mode=0o700)
        schema = pa.schema([(field.name, _signed(field.type)) for field in rows.schema])
        with pq.ParquetWriter(folder / "rows.parquet", schema) as file:
            for batch in rows:
                file.write_batch(pa.record_batch([_in_signed(column) for column in batch.columns], schema=schema))
        (folder / "rows.parquet").chmod(0o600)
        if self._url:
            self._hadoop(name).copyFromLocalFile(True, True, self._path(folder.as_uri()), self._path(self._at(name)))
        return self._session.read.parquet(self._at(name))

    def kept(self, rows: DataFrame) -> DataFrame:
        """The same rows, worked out now and once: what is read of them later doesn't repeat the work."""
        return self._session.read.schema(rows.schema).parquet(self._written(rows)[1])

    def to_duckdb(self, rows: DataFrame) -> str:
        """Have the rows worked out and brought here; the pattern that DuckDB's ``read_parquet`` finds them by."""
        name, _ = self._written(rows)
        if self._url:
            self._hadoop(name).copyToLocalFile(
                False, self._path(self._at(name)), self._path((self._folder / name).as_uri()), True
            )
        return str(self._folder / name / "part-*")

    def close(self) -> None:
        """Remove everything, on both sides."""
        if self._url:
            for name in self._names:
                self._hadoop(name).delete(self._path(self._at(name)), True)
        shutil.rmtree(self._folder)

    def _written(self, rows: DataFrame) -> tuple[str, str]:
        name = self._name()
        rows.write.parquet(self._at(name))
        return name, self._at(name)

    def _name(self) -> str:
        self._names.append(f"rows-{len(self._names)}")
        return self._names[-1]

    def _at(self, name: str) -> str:
        """Where the nodes find a folder."""
        return f"{self._url}/{name}" if self._url else (self._folder / name).as_uri()

    def _path(self, url: str) -> Any:
        jvm: Any = self._session.sparkContext._jvm
        return jvm.org.apache.hadoop.fs.Path(url)

    def _hadoop(self, name: str) -> Any:
        """Hadoop's file system that a folder lies on."""
        return self._path(self._at(name)).getFileSystem(self._session.sparkContext._jsc.hadoopConfiguration())


def words_of(schema: pa.Schema) -> str:
    """A schema as Spark writes it."""
    names = {pa.int64(): "bigint", pa.int32(): "int", pa.int8(): "tinyint", pa.bool_(): "boolean"}
    return ", ".join(f"{field.name} {names[field.type]}" for field in schema)


def _signed(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_signed(kind.value_type))
    return {pa.uint64(): pa.int64(), pa.uint32(): pa.int32()}.get(kind, kind)


def _in_signed(column: pa.Array) -> pa.Array:
    """The same bits as signed integers; as they are where they have no bits of that kind."""
    if pa.types.is_list(column.type):
        column = column.fill_null([]) if column.null_count else column
        return pa.ListArray.from_arrays(column.offsets, _in_signed(column.values))
    return column if _signed(column.type) == column.type else column.view(_signed(column.type))
