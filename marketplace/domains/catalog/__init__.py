"""The catalogue: categories of work, skills, kinds of service, and the cities of the world."""
