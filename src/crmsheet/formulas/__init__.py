"""Expressions: the spec's language and Excel's, one tree, several readers.

Knows the grammar, the functions, Excel's semantics, the text of a formula and its value.
Does not know tables, workbooks or files: a scope, an environment and addresses are handed in.
"""
