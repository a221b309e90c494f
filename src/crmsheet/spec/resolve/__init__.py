"""From the form of a spec to the Model: names resolved, expressions parsed, defaults filled in.

Knows what every part means and diagnoses what does not fit, on the spot. What concerns the whole
(circles, labels that collide, Excel's limits) is `rules`'.
"""
