"""Floor 2: lists, packets, return files, report packs, calendar."""
