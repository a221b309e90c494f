"""A changed structure in a filled workbook: new sheets, columns, blocks and charts; what is retired.

`ground` - what of a sheet is taken. `room`, `newcolumns` - where something fits. `arrange` - where everything is to
stand. `figures` - which charts are whose. `astray` - charts whose numbers are gone from where they look, `following` -
how they find them again. `vacate` - what is given up. `furnish` - what is put there. `wardrobe` - formats of people's
that stay, `samecells` - on which cells. `heights` - of the rows. `printing` - which of them print on one page.

Nothing of the people's is shifted: what does not fit is moved below, or refused with the place to clear.
"""
