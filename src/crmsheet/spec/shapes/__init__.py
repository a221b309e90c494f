"""The form of a spec as pydantic models: which keys there are, and what may stand behind them.

Knows forms, short forms among them. Does not know whether the names in them exist (`resolve`).
Only this package imports pydantic.
"""
