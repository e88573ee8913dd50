"""The keyed hashes by which evidence is found: whose it is, and which thing of theirs it is about."""

from services.people.fields import blind_index


def key_index(key: str) -> str:
    """Return the keyed hash of the thing evidence is about; nothing for nothing."""
    return blind_index(key, purpose="evidence.key") if key else ""


def holder_index(kind: str, number: str) -> str:
    """Return the keyed hash of the person or business that loaded records are about; the number is in its one form."""
    return blind_index(f"{kind} {number}", purpose="loaded.holder")
