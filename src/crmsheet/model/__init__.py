"""What a spec means and what a workbook holds, as plain frozen data.

`spec` - Model: tables, fields, lists, with names resolved and expressions parsed.
`metrics` - its figures. `boards` - its report sheets: selectors, dimensions, blocks.
`state` - State: the rows, settings, selector values and list rows of one workbook.
`layout` - Layout: where a workbook has these things. `baseline` - what the workbook remembers of itself.
`codec` - all of it to JSON and back.

Knows meanings. Does not know YAML, XML, or how a workbook looks.
"""
