"""What the machine says it checked, it checked: against a register, for everybody, and asking no more than it needs."""

import re
from collections.abc import Iterator

import pytest

from services.core.conditions import used_facts
from services.core.definitions import Definition, Mode, Step
from tests.house.test_catalogue import catalogue

CLAIMS_TO_CHECK = re.compile(
    r"\b(check|match|compare|look up|look for|search|find|verify|count|confirm that)", re.IGNORECASE
)

# Checks that read the applicant's own answers alone, each with the reason why the law lets it.
ON_ONES_WORD = {
    "business-suspension-filing.check": "the days are the applicant's to choose; the check only counts the years",
    "certificate-of-origin.origin-rules": "the maker's declaration is the regime (Regulation on Origin art. 17)",
    "employment-registration.contract-check": "the employer's own statement; the filing grants nothing",
    "farmers-cooperative-registration.member-check": "arithmetic on what the founders sign; a review follows",
    "food-business-renewal.statement-check": "a signed declaration of no change; the present licence is fetched",
    "individual-business-registration.check": "use of the premises is declared (Market Entity Regulation art. 11)",
    "out-of-area-treatment-filing.date-check": "the order of two dates that are the applicant's to choose",
    "prepackaged-food-filing.statement-check": "the law wants a filing, made by statement (Food Safety Law art. 35)",
    "shop-sign-filing.rules-check": "a sign not yet put up is as its owner describes it; it is a filing",
}

# Requirements that only a citizen's identity card meets, each with the law that wants it so: who teaches, who served,
# who founds a cooperative of farmers, who stands in a household register. tests/house/test_open_to_all.py reads it too.
CITIZENS_ONLY = {
    "assistive-device-subsidy.identity": "it rests on the disability certificate, which citizens hold",
    "disability-certificate.identity": "given to citizens alone (Measures on the Disability Certificate)",
    "disability-subsidies.identity": "it rests on the disability certificate, which citizens hold",
    "farmers-cooperative-registration.identity": "farmers' members are citizens (Farmers' Cooperatives Law art. 19)",
    "home-accessibility-adaptation.identity": "it rests on the disability certificate, which citizens hold",
    "household-move-in.identity": "citizens alone stand in household registers (Household Registration Regulation)",
    "household-split.identity": "citizens alone stand in household registers (Household Registration Regulation)",
    "identity-card-replacement.card-record": "the resident identity card itself",
    "individual-business-registration.identity": "citizens alone (Regulation on Individual Businesses art. 2)",
    "marriage-registration.identity": "the partner registered here files; one from abroad is the other party",
    "residence-permit.identity": "citizens alone; others hold permits of the exit and entry administration",
    "teacher-qualification.identity": "citizens alone (Teachers Law art. 10)",
    "veteran-preference-card.identity": "who served in the armed forces is a citizen (Veterans Support Law art. 2)",
}

# Of these no word of the applicant's can take the place.
ONLY_REGISTERS_TELL = (
    "marriage-register", "partner-marriage-register", "population-register", "partner-population-register",
    "death-register", "tax-account", "customs-account", "contribution-account", "pension-payments",
    "vehicle-pledge-record", "company-names", "trade-names",
)  # fmt: skip


def definitions() -> list[Definition]:
    """Return the definitions of the whole catalogue."""
    return [one.definition for one in catalogue().definitions]


def automatic(definition: Definition) -> Iterator[Step]:
    """Yield the steps that the machine does at once; one with days is a waiting period."""
    return (step for step in definition.steps_of(Mode.AUTO) if not step.days)


def read_by(definition: Definition, condition: str) -> frozenset[str]:
    """Return the facts that a named condition reads."""
    return used_facts(definition.conditions[condition].expression) if condition else frozenset()


def proved_by_registers(definition: Definition) -> frozenset[str]:
    """Return what registers prove of the applicant or the matter; what is another party's own stays theirs."""
    return frozenset(
        fact
        for one in definition.requirements
        for entry in one.any_of
        for kind in (definition.evidence_types[code] for code in entry)
        if kind.registered
        for fact in kind.proves
        if one.party == "applicant" or fact.startswith("application.")
    )


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("Check the marriage register", True),
        ("Look up the home", True),
        ("Match with the certificate of birth", True),
        ("Tell the tax office", False),
        ("Pay the refund", False),
    ],
)
def test_a_claim_to_have_checked_is_known_by_its_words(name: str, claims: bool) -> None:
    assert bool(CLAIMS_TO_CHECK.search(name)) is claims


def test_a_step_that_claims_to_check_has_a_check() -> None:
    empty = [
        f"{one.code}.{step.code}"
        for one in definitions()
        for step in automatic(one)
        if not step.check and CLAIMS_TO_CHECK.search(f"{step.code} {step.name['en']}")
    ]

    assert empty == []


def test_a_step_of_the_machine_checks_something_or_says_whom_it_tells() -> None:
    neither = [
        f"{one.code}.{step.code}"
        for one in definitions()
        for step in automatic(one)
        if not step.check and not (step.code.startswith("tell-") and step.name["en"].startswith("Tell "))
    ]

    assert neither == []


def test_a_check_reads_what_a_register_proves() -> None:
    on_ones_word = {
        f"{one.code}.{step.code}"
        for one in definitions()
        for step in automatic(one)
        if step.check and not read_by(one, step.check) & proved_by_registers(one)
    }

    assert on_ones_word == set(ON_ONES_WORD)


def test_a_question_for_a_step_of_the_machine_is_read_by_it() -> None:
    # R1.9: what no check reads is asked for a person, a requirement or the result, or it is not asked.
    unread = [
        f"{one.code}: {question.fact} for {step.code}"
        for one in definitions()
        for step in one.steps_of(Mode.AUTO)
        for question in one.questions
        if question.needed_for == step.code
        and question.fact not in read_by(one, step.check) | read_by(one, step.when)
    ]

    assert unread == []


def test_who_holds_a_passport_or_a_permanent_resident_card_is_not_shut_out() -> None:
    # R12.10: no field is for identity cards alone, but where the law wants a citizen.
    card_only = {
        f"{one.code}.{requirement.code}"
        for one in definitions()
        for requirement in one.requirements
        if requirement.any_of == (("id-card",),) and not _depends_on_the_document(one, requirement.when)
    }

    assert card_only == set(CITIZENS_ONLY)


def test_what_only_a_register_can_tell_is_never_asked() -> None:
    # A fact without a question cannot be answered by anybody: where no register tells it, a person looks.
    kinds = {code: kind for one in definitions() for code, kind in one.evidence_types.items()}
    facts = {code: fact for one in definitions() for code, fact in one.facts.items()}
    told = {fact for code in ONLY_REGISTERS_TELL for fact in kinds[code].proves}

    assert [code for code in sorted(told) if facts[code].ask] == []


def test_every_service_names_the_law_it_rests_on() -> None:
    """R3.9"""
    assert [one.code for one in definitions() if not one.legal_basis] == []


def test_nobody_marries_on_their_own_word() -> None:
    marriage = next(one for one in definitions() if one.code == "marriage-registration")
    read = read_by(marriage, "may_marry") | read_by(marriage, "partner_may_marry")

    assert read - {"application.filed_on"} <= proved_by_registers(marriage)
    assert [step.code for step in marriage.steps_of(Mode.DECISION)] == ["decide"]


def test_a_pensioner_is_not_watched_by_visits_to_the_doctor() -> None:
    # design §10.7: the register of deaths is asked, and nothing about health.
    check = next(one for one in definitions() if one.code == "pension-eligibility-check")

    assert {step.organisation for step in check.steps} == {"health", "human-resources"}
    assert proved_by_registers(check) == {
        "person.full_name",
        "person.identity_number",
        "person.birth_date",
        "application.death_recorded",
    }


def _depends_on_the_document(definition: Definition, when: str) -> bool:
    return any(fact.endswith(("document_kind", "_document")) for fact in read_by(definition, when))
