"""Kinds of charts, a module each: the cells behind a chart and the series that show them.

`plots` - what every kind gives and may ask. `wording` - titles, notes, alternative texts. `periods` - which
periods count for statistics. The kinds: `comparisons` (line, column, bar, doughnut), `combos`, `trends` (lines
with forecast and moving average), `clusters` (a second dimension), `pareto`, `funnel`, `bullet`, `waterfall`,
`scatter`, `control`. `zero` - bars that begin at 0. Does not know where charts stand.
"""
