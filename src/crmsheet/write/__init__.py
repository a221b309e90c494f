"""A placed plan becomes a new .xlsx.

`book` - the whole. `sheets` - one sheet part. `rows` - its cells, streamed. `tables` - table parts.
`rules` - validations and conditional formats. `charts`, `chartparts` - charts with their caches. `looks` - styles.
`strict` - XlsxWriter's quiet failures made loud.

The only package that knows XlsxWriter. Decides nothing: what stands where and how it looks is the plan's.
"""

from crmsheet.write.book import written

__all__ = ["written"]
