"""Return files: for each department, what its delivery got wrong, row by row, and what is asked of it."""
