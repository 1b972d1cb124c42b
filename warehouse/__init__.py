"""The warehouse: rooms and tables, the one store that opens them, releases, exports, the dictionary."""
