"""The folder in which everything is kept: datasets, runs, keys of pseudonyms, caches, the trash."""
