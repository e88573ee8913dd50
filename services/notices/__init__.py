"""Letters and messages to people, in their language."""
