"""What can't be rebuilt from the deliveries: register of child ids, decisions, acceptances, runs, accounts, the audit."""
