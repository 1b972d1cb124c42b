"""The only place that knows Dagster: assets, checks, jobs, and the command that runs them by hand."""
