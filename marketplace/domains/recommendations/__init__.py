"""Whom and what to look at first: tasks for freelancers, freelancers for clients and for tasks."""
