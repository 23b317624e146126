"""Runs and exports on a Ray cluster: sent, watched and fetched through a folder that both sides reach."""
