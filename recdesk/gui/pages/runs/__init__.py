"""The Runs page: the list of runs, their figures, steps and settings, curves over each other."""
