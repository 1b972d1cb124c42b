"""What the machine asks people, and what people answered."""
