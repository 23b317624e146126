"""The Recommend page: a user's history, their top-N, and why."""
