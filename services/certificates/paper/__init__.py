"""Certificates on paper: what is written, how it is set, and the seal in the file."""
