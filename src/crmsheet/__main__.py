"""`python -m crmsheet`."""

from crmsheet.cli import main

main()
