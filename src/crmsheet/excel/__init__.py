"""Facts about Excel: limits, references, names, values, dates, escaping.

Knows what every program that writes or reads a sheet must agree on.
Does not know files, formulas as trees, or anything of customers.
"""
