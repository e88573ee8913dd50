"""Questions to the cases room, by noun."""
