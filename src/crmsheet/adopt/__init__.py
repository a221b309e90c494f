"""Adopting: a spreadsheet that people have kept for themselves becomes a spec, with their data.

`adopted` takes a workbook as `crmsheet.intake` reads it and gives the text of a spec, the rows for its tables and
a report of what was understood and what was not. Knows how people lay out sheets and what columns hold. Does not
read files, and does not judge the spec: who builds from it does.
"""
