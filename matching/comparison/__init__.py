"""Names, numbers, dates and places compared level by level."""
