"""What the departments deliver: feed specs, readers, landing in ``raw``, quarantine; and the invented county."""
