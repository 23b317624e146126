"""What a column means and what its values are: roles, times, numbers."""
