"""Entries that say the same are one profile: children's from ``std``, any table's by its model file."""
