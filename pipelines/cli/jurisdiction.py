"""Whose children an answer is about: the home's own place, or one within it."""

from pathlib import Path

import click

from pipelines import site as settings
from pipelines.cli import options
from policy.divisions import load as divisions

NATIONAL = "000000"


def within(home: Path, asked: str | None) -> tuple[str, settings.Site | None]:
    """The place asked for, which the home's own must hold, else the home's own; and the site's settings."""
    options.existing_home(home)
    site = settings.load(home)
    own = site.jurisdiction if site else None
    if asked is None:
        if own is None:
            raise click.UsageError(f"{home} 没有 site.yaml。 No site.yaml says whose this is: run `childindex init`.")
        return own, site
    above = divisions().ancestors(asked)
    if own not in (None, NATIONAL, asked, above.prefecture, above.province):
        raise click.UsageError(f"{asked} 不在本单位辖区 {own} 内。 {asked} is not within {own}.")
    return asked, site


def is_whole(place: str, site: settings.Site | None) -> bool:
    """Whether a place is all that the home answers for: then children of no known county are its own too."""
    return site is None or place == site.jurisdiction
