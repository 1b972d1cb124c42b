"""One file a schema version, `r` and its four digits first."""
