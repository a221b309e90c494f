"""Rules that concern a spec as a whole, one family a module.

Each reports what it finds; none changes anything.
"""
