"""The records of visits, as they grew."""
