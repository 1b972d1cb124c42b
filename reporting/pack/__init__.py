"""The report packs: figures of a published period, sealed, as a workbook and as a page to print."""
