"""Profiles as numpy columns, one position a profile, so that a pair is two positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.model import Model

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

_HELD = {  # list column -> how many of its values are compared
    "own_number_keys": 5,
    "guardian_name_keys": 4,
    "guardian_sound_keys": 5,
    "guardian_no_keys": 3,
    "phone_keys": 3,
}
_KEYS = (
    "newborn_of",
    "certificate_key",
    "document_key",
    "household_key",
    "hukou_county_key",
    "residence_county_key",
    "hukou_address_key",
    "residence_address_key",
    "name_key",
    "sound_key",
    "variant_key",
)
_CROWDED = {
    "phone": "phone_keys",
    "address": "address_keys",
    "guardian_no": "guardian_no_keys",
    "guardian_name": "guardian_name_keys",
}
_NUMBER_WIDTH = 18
_NO_DATE = np.iinfo(np.int64).min
_PRECISION = {"day": 3, "month": 2, "year": 1}


@dataclass(frozen=True, slots=True)
class Profiles:
    """``link.profile`` column by column.

    ``key``: 64-bit hashes by column, 0 for no value. ``held``: hashes of a list column, padded with 0, or -- for
    common values -- blanked where they are generic. ``crowd``: beside a held column, how many children share the value
    when more than a family. ``born_on``: days since 1970, ``NO_DATE`` when unknown. Text numbers are fixed-width bytes.
    """

    size: int
    table: npt.NDArray[np.int16]
    table_names: tuple[str, ...]
    name_id: npt.NDArray[np.int32]
    former_name_id: npt.NDArray[np.int32]
    has_name: Flags
    sex: Levels
    born_on: Ints
    born_precision: Levels
    alternatives: Ints
    is_birth_of_number: Flags
    citizen_no: npt.NDArray[np.bytes_]
    embedded_no: npt.NDArray[np.bytes_]
    unverified_no: npt.NDArray[np.bytes_]
    is_number_shared: Flags
    entries: Ints
    key: dict[str, Keys]
    held: dict[str, Keys]
    crowd: dict[str, Ints]


NO_DATE = _NO_DATE


def read_profiles(con: duckdb.DuckDBPyConnection, model: Model) -> Profiles:
    """Pull ``link.profile`` in the order of ``profile_id``; values at which a crowd stands are blanked."""
    held_columns = [
        f"coalesce({column}[{place}], 0)::ubigint as {column}_{place}"
        for column, many in _HELD.items()
        for place in range(1, many + 1)
    ]
    table = con.execute(
        "select feed || '.' || table_name as source, name_id, former_name_id, has_name, sex, born_on, born_precision,"
        " born_alternatives[1] as alternative_1, born_alternatives[2] as alternative_2,"
        " born_alternatives[3] as alternative_3,"
        " is_birth_of_number, is_number_shared, entries,"
        f" {', '.join(_padded(column) for column in ('citizen_no', 'embedded_no', 'citizen_no_unverified'))},"
        f" {', '.join(f'{key}::ubigint as {key}' for key in _KEYS)}, {', '.join(held_columns)}"
        " from link.profile order by profile_id"
    ).to_arrow_table()
    sources = table.column("source").combine_chunks().dictionary_encode()
    names = tuple(sources.dictionary.to_pylist())
    order = np.argsort(np.array(names, dtype=object)) if names else np.array([], dtype=np.int64)
    rank = np.empty(len(names), dtype=np.int16)
    rank[order] = np.arange(len(names))
    held = {
        column: np.column_stack([_numpy(table, f"{column}_{place}", 0) for place in range(1, many + 1)])
        for column, many in _HELD.items()
    }
    key = {name: _numpy(table, name, 0) for name in _KEYS}
    held["address_keys"] = np.column_stack([key.pop("hukou_address_key"), key.pop("residence_address_key")])
    crowd = _crowds(con, held, model.sharing.generic_from)
    return Profiles(
        size=table.num_rows,
        table=rank[sources.indices.to_numpy(zero_copy_only=False)].astype(np.int16)
        if names
        else np.array([], np.int16),
        table_names=tuple(names[place] for place in order),
        name_id=_numpy(table, "name_id", -1).astype(np.int32),
        former_name_id=_numpy(table, "former_name_id", -1).astype(np.int32),
        has_name=_numpy(table, "has_name", False).astype(bool),
        sex=_words(table, "sex", {"male": 1, "female": 2}),
        born_on=_days(table, "born_on"),
        born_precision=_words(table, "born_precision", _PRECISION),
        alternatives=np.column_stack([_days(table, f"alternative_{place}") for place in (1, 2, 3)]),
        is_birth_of_number=_numpy(table, "is_birth_of_number", False).astype(bool),
        citizen_no=_bytes(table, "citizen_no"),
        embedded_no=_bytes(table, "embedded_no"),
        unverified_no=_bytes(table, "citizen_no_unverified"),
        is_number_shared=_numpy(table, "is_number_shared", False).astype(bool),
        entries=_numpy(table, "entries", 0).astype(np.int64),
        key=key,
        held=held,
        crowd=crowd,
    )


def _numpy(table: pa.Table, name: str, missing: object) -> npt.NDArray[Any]:
    column = table.column(name)
    if column.null_count:
        column = column.fill_null(missing)
    filled: npt.NDArray[Any] = column.to_numpy()
    return filled


def _days(table: pa.Table, name: str) -> Ints:
    days: Ints = table.column(name).cast(pa.int32()).cast(pa.int64()).fill_null(_NO_DATE).to_numpy()
    return days


def _words(table: pa.Table, name: str, codes: dict[str, int]) -> Levels:
    encoded = table.column(name).combine_chunks().dictionary_encode()
    lookup = np.array([codes.get(word, 0) for word in encoded.dictionary.to_pylist()] + [0], dtype=np.int8)
    indices = encoded.indices.fill_null(len(lookup) - 1).to_numpy(zero_copy_only=False)
    found: Levels = lookup[indices]
    return found


def _bytes(table: pa.Table, name: str) -> npt.NDArray[np.bytes_]:
    """Numbers as 18 bytes, empty when there is none, of a column made by :func:`_padded`."""
    fixed = table.column(name).combine_chunks().cast(pa.binary()).cast(pa.binary(_NUMBER_WIDTH))
    raw = np.frombuffer(fixed.buffers()[1], dtype=np.uint8, count=(fixed.offset + len(fixed)) * _NUMBER_WIDTH).copy()
    raw[raw == ord(" ")] = 0
    return raw.view(f"S{_NUMBER_WIDTH}")[fixed.offset :]


def _padded(column: str) -> str:
    """SQL for a number as exactly 18 ASCII characters; what isn't ASCII can't be a number and is left out."""
    is_ascii = f"strlen({column}) = length({column})"
    return (
        f"rpad(left(case when {is_ascii} then {column} else '' end, {_NUMBER_WIDTH}), {_NUMBER_WIDTH}, ' ') as {column}"
    )


def _crowds(con: duckdb.DuckDBPyConnection, held: dict[str, Keys], generic_from: int) -> dict[str, Ints]:
    """How many children share each held phone, address, guardian's number; generic ones are blanked in ``held``."""
    crowds: dict[str, Ints] = {}
    for kind, column in _CROWDED.items():
        common = con.execute(
            "select value_key, children from link.common_value where kind = ? order by value_key", [kind]
        ).to_arrow_table()
        values, children = common.column(0).to_numpy().astype(np.uint64), common.column(1).to_numpy().astype(np.int64)
        crowd = np.zeros(held[column].shape, dtype=np.int64)
        if len(values):
            place = np.minimum(np.searchsorted(values, held[column]), len(values) - 1)
            crowd = np.where(values[place] == held[column], children[place], 0)
            if kind != "guardian_name":  # a common name is still a name
                held[column][crowd >= generic_from] = 0
        crowds[column] = crowd
    return crowds
