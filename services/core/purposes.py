"""What personal data may be read for: a closed list, for each purpose is told to the person (R15.1, R15.6)."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody's data was read. Each has its sentence on the person's own page."""

    GATHER_EVIDENCE = "gather_evidence"  # a register was asked, so that nobody brings paper
    HANDLING = "handling"  # an officer opened the case
    CHECK_COPY = "check_copy"  # an officer opened a copy that was sent
    VISIT = "visit"  # an officer received somebody, or looked who comes
    CERTIFICATE = "certificate"  # an officer opened a certificate of their office
    SHARING_CODE = "sharing_code"  # somebody was shown a certificate whose holder gave them a code
    IDENTITY_CODE = "identity_code"  # a clerk looked somebody up whose document they saw
    ASSISTING = "assisting"  # a clerk applied with somebody whose document they saw
    CLAIM = "claim"  # the business register was asked whether it names somebody who says that it does
    RATING = "rating"  # an officer opened what somebody said of a visit or a case, to answer it
    NOT_DONE = "not_done"  # a supervisor opened what somebody could not get done
    READING_QUESTION = "reading_question"  # a supervisor answered a question about a reading
