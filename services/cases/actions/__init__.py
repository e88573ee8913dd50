"""Acts of the cases room, by noun."""
