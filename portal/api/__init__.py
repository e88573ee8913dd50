"""The REST door: other systems, and people's own programs, do here what the pages let them do."""
