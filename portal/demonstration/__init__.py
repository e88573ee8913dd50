"""Made-up applicants and clerks at work: they see only what the portal shows them, over HTTP, and import nothing of it."""
