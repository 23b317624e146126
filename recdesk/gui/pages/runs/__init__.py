"""The Runs page: every run of the workspace, and what the chosen one brought."""
