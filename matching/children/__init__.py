"""Clusters meet the register of issued ids: which child each is, and what happened to it."""
