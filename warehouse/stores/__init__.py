"""What can't be rebuilt from the deliveries: the register of child ids, people's words and accounts, the audit."""
