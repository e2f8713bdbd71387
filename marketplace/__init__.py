"""A marketplace for work: four documented APIs over one core."""
