"""Data from outside: files people get from other programs, as plain rows, and what their values mean.

`sources` reads CSV, XLSX and JSON files as they stand; `plans` says which column is which field of a table
and converts the values. Knows how people and programs write dates, numbers, choices and headers. Does not
know what becomes of the rows, and never writes. Import only the module that is needed: openpyxl and rapidfuzz
are loaded by the functions that use them.
"""
