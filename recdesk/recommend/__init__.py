"""From a trained model to people: top-N, explanations, wishes in words, export. Imports no training."""
