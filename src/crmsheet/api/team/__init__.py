"""Copies of a workbook for people of a team, and what they did to them brought back.

`whose` - persons, and the rows that are theirs; `masking` - values made unreadable; `redaction` - model and rows as a
role may see them; `memories` - history and change log of such rows; `copies` - the workbook made of them; `sharing`,
`splitting` and `merging` - the commands; `access` - who sees what. Does not know files.
"""
