"""What profiles are blocked by."""

import numpy as np
import pyarrow as pa

from matching.candidates import keys


def _batch(**lists: list[list[int]]) -> pa.RecordBatch:
    many = len(next(iter(lists.values())))
    columns = {name: pa.array(values, pa.list_(pa.uint64())) for name, values in lists.items()}
    return pa.RecordBatch.from_pydict({"profile_id": pa.array(range(10, 10 + many), pa.int32()), **columns})


def _rows(batch: pa.RecordBatch, *names: str, begun: list[int] | None = None) -> list[tuple[int, int]]:
    profile, key = keys.rows(batch, names, None if begun is None else np.array(begun, np.uint64))
    return sorted(zip(profile.tolist(), key.tolist(), strict=True))


def test_a_profile_has_a_row_for_every_combination_of_its_values():
    batch = _batch(name_keys=[[1, 2], [3], [], [4]], birth_keys=[[5, 6, 7], [8], [9], []])
    found = _rows(batch, "name_keys", "birth_keys")
    assert [profile for profile, _ in found] == [10] * 6 + [11]
    assert len({key for _, key in found}) == 7


def test_profiles_that_share_a_value_of_each_key_share_a_row():
    batch = _batch(name_keys=[[1, 2], [2, 3]], birth_keys=[[5, 6], [6]])
    one, other = ({key for profile, key in _rows(batch, "name_keys", "birth_keys") if profile == p} for p in (10, 11))
    assert len(one & other) == 1


def test_which_key_a_value_is_of_tells():
    batch = _batch(first_keys=[[1], [2]], second_keys=[[2], [1]])
    assert len({key for _, key in _rows(batch, "first_keys", "second_keys")}) == 2


def test_what_a_row_begins_with_tells_it_from_others_of_the_same_values():
    batch = _batch(county_keys=[[4], [4], [4, 5]])
    found = _rows(batch, "county_keys", begun=[7, 8, 7])
    assert len(found) == 4
    assert len({key for _, key in found}) == 3


def test_a_part_of_a_table_is_read_as_it_lies_there():
    whole = _batch(name_keys=[[1], [2, 3], [4]])
    assert _rows(whole.slice(1, 1), "name_keys") == _rows(whole, "name_keys")[1:3]


def test_no_profiles_and_no_values_have_no_rows():
    assert _rows(_batch(name_keys=[]), "name_keys") == []
    assert _rows(_batch(name_keys=[[], []], birth_keys=[[1], [2]]), "name_keys", "birth_keys") == []
