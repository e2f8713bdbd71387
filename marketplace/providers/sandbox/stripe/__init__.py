"""Stripe's twin: the part of its API that the house uses, with its shapes, refusals and webhooks."""
