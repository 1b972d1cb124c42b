"""The linkage: entries in one shape, pairs, levels, scores, clusters, and the id of each child."""
