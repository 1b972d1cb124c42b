"""Settings of all tests."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)  # a first call imports; other work on the machine is no fault
settings.load_profile("unhurried")
