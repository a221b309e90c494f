"""The Plan: the whole workbook as plain data, symbolic, with every owned cell's formula and value.

`looks` - styles. `cells` - cells, blocks, validations. `tables` - entry tables. `charts` - charts.
`book` - sheets, names, the whole. `place` - symbols to real sheets, rows and columns.
`prints`, `formats` - what of it a later version remembers.

Knows what crmsheet owns in a workbook and how that looks. Does not know XML, files, or why a cell is there.
Equal by `==`. The compiler decides everything; the writers decide nothing.
"""
