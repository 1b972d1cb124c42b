"""From one period to the next: the facts a child is known again by, and what of the last release still holds."""
