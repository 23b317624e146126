"""How good a model is: full ranking, metrics exact under ties, intervals, baselines on the same split."""
