"""The door that is open to everybody: the catalogue, and how it all works."""
