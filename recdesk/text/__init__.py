"""Items and histories as texts, and the BERT encoders that make vectors of them."""
