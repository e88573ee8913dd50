"""Why an application ended by itself, in words; why an office says no is law, and stands in `core.reasons`."""

from collections.abc import Mapping

from services.core.reasons import DECLINING, REFUSAL

# Why an application ended without anybody having decided on it.
ENDINGS: Mapping[str, Mapping[str, str]] = {
    "own_wish": {
        "en": "You withdrew it yourself.",
        "zh": "您已主动撤回。",
    },
    "visit_not_kept": {
        "en": "Nobody came to the visit in the time there was for it.",
        "zh": "未在规定期限内到场办理。",
    },
    "fee_unpaid": {
        "en": "The fee was not paid in the time there was for it.",
        "zh": "未在规定期限内缴费。",
    },
    "correction_missed": {
        "en": "The correction did not come in the time there was for it.",
        "zh": "逾期未补正。",
    },
}


def reason_texts(code: str) -> Mapping[str, str]:
    """Return a reason in every language; a code nobody wrote words for is told as it is."""
    return REFUSAL.get(code) or DECLINING.get(code) or ENDINGS.get(code) or {"en": code.replace("_", " ")}
