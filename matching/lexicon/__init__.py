"""What the matcher knows of language: readings, confusable characters, surnames, transliterations. Data, with readers."""
