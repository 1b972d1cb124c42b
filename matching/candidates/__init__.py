"""Which pairs of profiles are compared at all: named rules on hashed keys, counted before they are made."""
