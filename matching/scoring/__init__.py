"""Candidate pairs into scored pairs: their levels, score, guard and band."""
