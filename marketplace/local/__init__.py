"""The whole house on one machine: PostgreSQL, Redis, web, worker and scheduler under one supervisor."""
