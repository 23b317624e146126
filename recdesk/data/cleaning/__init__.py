"""Which rows stay: the rules as values, and the engine that applies them."""
