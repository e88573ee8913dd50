"""Words about tickets that several doors say alike: languages, what help somebody needs, and how long it takes."""

from django.conf import settings
from django.utils.translation import gettext


def language_words() -> dict[str, str]:
    """Return the languages somebody may be served in, each in its own words."""
    return dict(settings.LANGUAGES)


def help_words() -> dict[str, str]:
    """Return what somebody may need while they are at a centre."""
    return {
        "wheelchair": gettext("A place for a wheelchair"),
        "sign_language": gettext("Sign language"),
        "reading": gettext("Somebody who reads aloud or writes"),
        "interpreter": gettext("An interpreter"),
    }


def state_words(state: str) -> tuple[str, str]:
    """Return where a ticket stands, with the tone of its tag."""
    return {
        "waiting": (gettext("Waiting"), "wait"),
        "called": (gettext("Called"), "info"),
        "serving": (gettext("At the window"), "good"),
        "done": (gettext("Done"), ""),
        "left": (gettext("Left"), ""),
    }[state]


def number_words(number: int) -> str:
    """Return a ticket's number as screens and paper have it."""
    return f"{number:03}"


def wait_words(minutes: int | None) -> str:
    """Return about how long somebody waits; from five minutes on in steps of five, for nobody is punctual to one."""
    if minutes is None:
        return gettext("not known yet")
    if minutes <= 0:
        return gettext("next")
    told = minutes if minutes < 5 else -(-minutes // 5) * 5
    return gettext("about %(minutes)s min") % {"minutes": told}
