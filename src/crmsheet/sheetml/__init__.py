"""Where things are inside the parts of a workbook, and how they are changed without touching the rest.

Knows worksheets as byte spans, cells, tables, names, styles, shared strings, chart caches and rules.
Does not know whose a cell is or what should stand in it.
"""
