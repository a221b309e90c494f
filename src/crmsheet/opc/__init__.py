"""The zip container of a workbook: members, relationships, content types, hostile input.

Knows how to read a package without trusting it, and how to write one in which every member nobody
touched is copied bit for bit. Does not know what stands in a worksheet.
"""
