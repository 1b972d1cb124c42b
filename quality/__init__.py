"""What stands at every door: expectations, gates against the last period, publish audits, the validation page."""
