"""Agreements between two people about a listing: applications, and what they think of each other after."""
