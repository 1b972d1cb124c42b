"""``python -m pipelines.cli`` is the command ``childindex``."""

from pipelines.cli import main

main()
