"""The law as data: divisions with their history, code tables, rules by jurisdiction, periods."""
