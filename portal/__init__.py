"""The doors: everything enters the house here, and nothing is decided here."""
