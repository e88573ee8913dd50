"""What can be asked about one's data, and what becomes of it, in the reader's language."""

from django.utils.translation import gettext


def request_words() -> dict[str, str]:
    """Return what each request is called."""
    return {
        "correct": gettext("Correct it"),
        "delete": gettext("Delete it"),
        "explain": gettext("Explain how it was decided"),
    }


def outcome_words() -> dict[str, tuple[str, str]]:
    """Return what became of it, with the tone of its tag."""
    return {"done": (gettext("Done"), "good"), "refused": (gettext("Refused, with reasons"), "bad")}
