"""Made-up applicants and clerks at work: over HTTP, seeing only what the portal shows them, and importing nothing."""
