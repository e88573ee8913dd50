"""The house: the law, and the rooms in which it is applied."""
