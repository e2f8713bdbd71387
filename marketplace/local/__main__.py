"""`python -m marketplace.local` is `flask up` without importing the application first."""

from marketplace.local.up import up

up(prog_name="flask up")
