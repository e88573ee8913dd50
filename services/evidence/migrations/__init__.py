"""The records of evidence, as they grew."""
