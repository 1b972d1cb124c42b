"""The roles that an account can have, read from ``roles.yml``."""

from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict


class Role(BaseModel):
    """One role, and what holds for whoever has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str  # 中文
    does: str
    second_factor: bool
    apart: bool
    entrusted: bool


@cache
def load() -> dict[str, Role]:
    """Roles by name, in the file's order."""
    text = (resources.files("warehouse.stores") / "roles.yml").read_text(encoding="utf-8")
    return {name: Role.model_validate(role) for name, role in yaml.safe_load(text)["roles"].items()}
