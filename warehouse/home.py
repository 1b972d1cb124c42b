"""The folder that holds all state of one installation, and where each thing in it lies."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below one HOME. Nothing here opens or makes a database.

    ``building`` and ``releases`` hold restricted files (persons in clear); only :mod:`warehouse.store` opens those.
    Keys lie outside HOME: see :mod:`warehouse.keys`.
    """

    root: Path

    @classmethod
    def at(cls, home: "Home | Path | str") -> "Home":
        """Take a path or a Home; a path is made absolute, so that a later change of folder can't move it."""
        return home if isinstance(home, Home) else cls(Path(home).expanduser().absolute())

    @property
    def building(self) -> Path:
        """Folder of the files being written; emptied of leftovers at every begin."""
        return self.root / "building"

    @property
    def releases(self) -> Path:
        """Folder of the releases, one numbered folder each."""
        return self.root / "releases"

    @property
    def published(self) -> Path:
        """The symbolic link that names the release in force; replaced in one step, never edited."""
        return self.root / "published"

    @property
    def stores(self) -> Path:
        """Folder of the operational stores where they are SQLite."""
        return self.root / "stores"

    @property
    def lock(self) -> Path:
        """File that the one writing process holds locked."""
        return self.building / "writer.lock"

    @property
    def spill(self) -> Path:
        """Where DuckDB puts what doesn't fit in memory. Inside HOME: spilt rows name persons."""
        return self.building / "spill"

    def building_file(self, period: str) -> Path:
        """The period's file while it is built."""
        return self.building / f"{period}.duckdb"

    def mended(self, period: str, table: str) -> Path:
        """Folder of the rows of a raw table that people mended, for every run of the period. They name persons."""
        return self.root / "mended" / period / table

    def make(self) -> None:
        """Make the folders that are missing; those that hold persons are for this user alone."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.releases.mkdir(exist_ok=True)
        for folder in (self.building, self.stores):
            folder.mkdir(mode=0o700, exist_ok=True)
        self.spill.mkdir(mode=0o700, exist_ok=True)
