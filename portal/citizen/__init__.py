"""The citizens' door: apply, follow, come in once at most, and get the result."""
