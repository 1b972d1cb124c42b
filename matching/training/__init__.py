"""What each level is worth: estimated once, then held as a model version."""
