"""A stand-in for the world outside: registers, an identity provider and a treasury, with made-up people only.

It is a small Django project of its own, in its own process and its own PostgreSQL schema, and imports nothing
of the house: the portal meets it over HTTP alone, as it would meet the real ones.
"""
