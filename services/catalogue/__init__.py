"""What one can apply for: organisations, programmes, services and their published versions."""
