"""A book's rows as data for other programs: typed relations, and the files they are written to.

Knows types, ids, keys, the data dictionary, the star and the flat shape, and the file formats. Does not know workbooks:
it gets the Model, the State and the values of computed columns. Each outside library is imported by one module,
`parquet` and `duck`, when such a file is asked for.
"""
