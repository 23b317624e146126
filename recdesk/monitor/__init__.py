"""What a run says while it works (events), what is drawn of it (curves), and how it is paused. Free of torch."""
