"""crmsheet: a YAML field spec becomes an Excel workbook for managing customers, and stays alive."""

__version__ = "0.1.0"
