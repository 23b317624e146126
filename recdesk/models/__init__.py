"""Models as `Recommender`: histories in, scores of all items out. Sequence, text and two-tower models, losses."""
