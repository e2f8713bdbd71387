"""What every domain stands on: clock, money, units of work, facts, refusals, life cycles."""
