"""What every page says while an officer applies with somebody: whose application it is, and how to end it (R11.4)."""

from django.http import HttpRequest

# What an officer's session remembers while they apply with somebody; whom, is asked of the house each time.
HELPING = "applying_with_somebody"


def helping(request: HttpRequest) -> dict[str, object]:
    """Tell every page whether whoever is signed in applies with somebody else at the counter."""
    session = getattr(request, "session", None)  # none yet where a request is refused at the very door
    return {"helping": bool(session is not None and session.get(HELPING))}
