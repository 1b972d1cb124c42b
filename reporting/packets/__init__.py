"""Packets: the few facts about some children that another bureau is owed, sealed for it, answered and receipted."""
