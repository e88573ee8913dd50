"""What is known and proved about people and businesses, without asking them for paper."""
