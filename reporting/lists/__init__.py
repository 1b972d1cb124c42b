"""The lists that clerks work by: each an Excel workbook with a cover, described by YAML, with its query beside it."""
