"""Beside other linkage engines: each a process of its own, one table to start from, measured from outside."""
