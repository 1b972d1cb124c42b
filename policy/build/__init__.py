"""Scripts that make the code tables of ``policy/codes``. Run by hand when a source changes; nothing imports them."""
