"""The model file."""

from importlib import resources
from pathlib import Path

import pytest

from matching import model


def _broken(folder: Path, old: str, new: str) -> Path:
    text = (resources.files("matching") / "model.yml").read_text(encoding="utf-8")
    assert old in text
    path = folder / "model.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("margin: 4.0", "margin: 4.0\n  margins: 1", "margins"),
        ("link_from: 4.0", "link_from: -1.0", "bands must rise"),
        ("name: name_birth,", "name: number,", "one name"),
        ("different: {same: 0.01, household: 0.5}", "different: {same: 0.4, household: 0.5}", "add up"),
        ("swapped:", "swopped:", "swopped"),
        ("keys: [number_keys]", "keys: [shoe_size]", "number_keys"),
    ],
)
def test_a_fault_in_the_model_file_is_named(tmp_path, old, new, says):
    with pytest.raises(model.ModelError, match=says) as fault:
        model.load(_broken(tmp_path, old, new))
    assert "model.yml" in str(fault.value)


def test_the_shipped_model_states_every_level():
    assert model.load().rule_names[0] == "number"
