"""Code tables as data; README.md names the standard behind each."""
