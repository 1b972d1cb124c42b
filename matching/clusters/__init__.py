"""Scored pairs into clusters: best link first, under constraints; last what earlier periods held for one child."""
