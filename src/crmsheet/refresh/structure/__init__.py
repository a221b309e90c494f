"""A changed structure in a filled workbook: new sheets, columns, blocks and charts; what is retired.

`ground` - what of a sheet is taken. `arrange` - where everything is to stand. `figures` - which charts are
whose. `vacate` - what is given up. `furnish` - what is put there. `frozen` - retired sheets keep their last values.

Nothing of the people's is shifted: what does not fit is moved below, or refused with the place to clear.
"""
