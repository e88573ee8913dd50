"""What people are refused when they act on a case against the law or out of turn."""

from services.core.refusal import Kind, Refusal


class NothingToDo(Refusal):
    """What the act is about is not awaited now: done already, or not yet its turn."""

    code = "not_awaited"
    kind = Kind.CONFLICT
    sentence = "This is not awaited now: {what}."


class OneNoticeOnly(Refusal):
    """A correction can be asked once, with everything that is missing (R2.4, R2.5)."""

    code = "one_notice_only"
    kind = Kind.CONFLICT
    sentence = "What is missing was asked for once already; it cannot be asked again."


class NotRequired(Refusal):
    """Nothing outside the definition may be asked (R1.5)."""

    code = "not_required"
    kind = Kind.CONFLICT
    sentence = "This service does not require “{what}”, or it is settled already."


class NoticeIncomplete(Refusal):
    """A correction asks for everything at once, since it can be asked only once (R2.4)."""

    code = "notice_incomplete"
    sentence = "Ask for everything at once; this is missing too: {what}."


class OnlyRefusal(Refusal):
    """An examination failed, or an original that does not match, cannot be let pass."""

    code = "only_refusal"
    kind = Kind.CONFLICT
    sentence = "After “{step}” the case can only be decided against; the person may apply anew."


class StillMissing(Refusal):
    """Nothing is granted on evidence that is not there."""

    code = "still_missing"
    kind = Kind.CONFLICT
    sentence = "Something required is still missing: {what}."


class Undetermined(Refusal):
    """What nobody could tell is determined by the officer, all of it, before the case goes on."""

    code = "undetermined"
    sentence = "Say of each of these whether it holds: {what}."


class NotPossible(Refusal):
    """No applicant there can be is all of this at once."""

    code = "not_possible"
    sentence = "This cannot all be so of one applicant: {what}."


class EndsOtherwise(Refusal):
    """A step of this kind does not end in this way."""

    code = "ends_otherwise"
    kind = Kind.CONFLICT
    sentence = "“{step}” cannot end as “{outcome}”."
