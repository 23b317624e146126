"""A report of runs: what it says as blocks, and the blocks as HTML and Markdown."""
