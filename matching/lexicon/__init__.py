"""What the matcher knows of language, as data with readers: readings, characters, surnames, transliterations."""
