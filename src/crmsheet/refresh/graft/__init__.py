"""Putting things of one workbook into another: sheets, charts, cell formats, names.

The *scratch* workbook was written for the same plan with the target's layout, so that everything in it stands
at its place and names the right sheets; the *target* is a workbook people filled, made by any program. Every
byte of the target that is not named in the patch stays as it was.

`meaning` - when two formats look the same. `stylebook` - formats appended to the target's. `members` - parts
copied under free names. `sheets`, `drawings` - what changes inside them. `transplant` - all of it as one patch.
A refresh that puts nothing new in needs `meaning` alone, so each is imported by its own name.
"""
