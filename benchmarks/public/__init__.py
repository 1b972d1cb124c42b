"""Public sets with a known truth that come inside Python packages: nothing is downloaded."""
