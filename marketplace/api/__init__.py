"""HTTP: one wing a face, and what they share."""
