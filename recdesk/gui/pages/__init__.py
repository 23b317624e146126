"""One folder a page: the page and the cards that it is made of."""
