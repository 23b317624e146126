"""Files, sheets or tables that are one log: which belong together, and their rows in one table."""
