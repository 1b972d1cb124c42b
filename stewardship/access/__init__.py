"""Who may: passwords, second factors, sessions, and what is served to whom."""
