"""The nine tables as the departments deliver them; one module a department."""
