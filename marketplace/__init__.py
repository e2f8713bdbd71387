"""A marketplace for work: four documented APIs over one core."""

import gc

# A start makes a million objects that stay: to look for garbage after every seven hundred is a sixth of it.
gc.set_threshold(10_000, 20, 20)
