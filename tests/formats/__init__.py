"""Samples in the formats that the field publishes its data in, and what an import of each must give."""
