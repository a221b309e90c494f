"""Statistics over rows: what a sheet cannot compute.

Every module takes plain numbers and gives frozen results with the `n` they rest on and a gate that says whether
they may be shown. Does not know tables, fields, sheets nor words.
"""
