"""What the offices issued: sealed, open to verification by anybody who holds it, revoked only by a person."""
