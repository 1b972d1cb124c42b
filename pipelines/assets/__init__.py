"""Assets by room; each names its table, calls one function and reports what it counted."""
