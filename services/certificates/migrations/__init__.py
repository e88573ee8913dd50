"""The records of certificates, as they grew."""
