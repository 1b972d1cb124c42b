"""Where the linkage's heavy steps run: on this machine, or on a Spark cluster. Same pairs, scores and clusters."""
