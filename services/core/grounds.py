"""Why a certificate is taken out of force, or put back: the lists an officer chooses from (R12.1, R4.10)."""

from collections.abc import Mapping
from enum import StrEnum

from services.core.facts import Texts
from services.core.refusal import Mistake, Refusal


class Change(StrEnum):
    """What becomes of a certificate by the hand of an officer."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"
    REINSTATEMENT = "reinstatement"
    CANCELLATION = "cancellation"


GROUNDS: Mapping[Change, Mapping[str, Texts]] = {
    Change.REVOCATION: {
        "obtained_by_deceit": {
            "en": "It was obtained by untrue statements or other improper means.",
            "zh": "以欺骗等不正当手段取得。",
        },
        "granted_unlawfully": {
            "en": "It was granted although the conditions of the law were not met.",
            "zh": "不符合法定条件而准予许可。",
        },
        "commitment_broken": {
            "en": "What was committed to in writing was not kept.",
            "zh": "未履行书面承诺。",
        },
        "serious_breach": {
            "en": "The law was seriously broken in the use of it.",
            "zh": "使用中存在严重违法行为。",
        },
    },
    Change.SUSPENSION: {
        "under_examination": {
            "en": "Whether it may stand is being examined.",
            "zh": "其效力正在核查。",
        },
        "conditions_lapsed": {
            "en": "A condition of it is not met at present and can be put right.",
            "zh": "暂不具备规定条件，可以限期改正。",
        },
        "safety": {
            "en": "Its use would endanger people.",
            "zh": "继续使用可能危及安全。",
        },
    },
    Change.REINSTATEMENT: {
        "put_right": {
            "en": "What stood against it has been put right.",
            "zh": "相关问题已经改正。",
        },
        "found_sound": {
            "en": "The examination found nothing against it.",
            "zh": "经核查未发现问题。",
        },
    },
    Change.CANCELLATION: {
        "given_up": {
            "en": "Its holder has given it up.",
            "zh": "持有人申请注销。",
        },
        "holder_gone": {
            "en": "The person or the business that held it is no longer there.",
            "zh": "持有人死亡或者终止。",
        },
        "thing_gone": {
            "en": "What it was about is no longer there.",
            "zh": "所涉标的已不存在。",
        },
    },
}


class GroundsNeeded(Refusal):
    """A certificate's status changes with a ground from the law's list, a legal basis and plain words."""

    code = "grounds_needed"
    sentence = "Choose a ground from the list, and give the legal basis and an explanation."


def check_grounds(change: Change, *, ground: str, legal_basis: str, explanation: str) -> None:
    """Do nothing if the change has all it needs (R12.1, R15.8).

    :raises GroundsNeeded: if the ground is none of this change, or something is not said.
    """
    mistakes = {
        Mistake("ground", "Choose a ground from the list."): ground not in GROUNDS[change],
        Mistake("legal_basis", "Name the law that this rests on."): not legal_basis.strip(),
        Mistake("explanation", "Explain the decision in plain words."): not explanation.strip(),
    }
    if any(mistakes.values()):
        raise GroundsNeeded(errors=[one for one, wrong in mistakes.items() if wrong])
