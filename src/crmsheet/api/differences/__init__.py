"""What differs between two states of a book, by row id and field, not by position.

`found` - the result. `sides` - a book as it is compared. `pairing` - which thing of one is which of the other.
`rows` - which row is which. `tables` - rows and their cells. `inputs` - settings, selectors, lists, the date.
`names` - headers and sheets. `specs` - the two stored models. `figures` - the boards' numbers.
`contents` - one cell's content, as data and as people see it.

Knows two books that were read. Changes nothing and prints nothing.
"""
