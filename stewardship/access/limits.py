"""Limits of logging in, of sessions and of looking at people, read from ``limits.yml``."""

from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What each one means, the file says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    idle_minutes: int = Field(ge=1)
    session_hours: int = Field(ge=1)
    failures_allowed: int = Field(ge=1)
    first_wait_seconds: int = Field(ge=1)
    longest_wait_minutes: int = Field(ge=1)
    password_characters: int = Field(ge=8)
    people_pages_alarm: int = Field(ge=1)
    people_pages_an_hour: int = Field(ge=1)


@cache
def load() -> Limits:
    """Read the file once a process."""
    text = (resources.files("stewardship.access") / "limits.yml").read_text(encoding="utf-8")
    return Limits.model_validate(yaml.safe_load(text))
