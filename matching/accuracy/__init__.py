"""How good the links are: against a truth, estimated without one, and what blocking may have lost."""
