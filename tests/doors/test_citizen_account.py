"""Whose account it is: the identity provider, a clerk's code, the business register, mandates, a co-signer."""

from datetime import date, timedelta

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from portal.sign_in import IdentityAdapter
from services import clock
from services.cases.actions import gathering
from services.cases.models import Application, Case
from services.core.states import Role
from services.ledger.actions import Actor
from services.people import actions as people
from services.people import queries
from services.people.actions import Identity
from services.people.models import Account, Mandate, Person
from tests.doors.a_citizen import Citizen, text_of, work
from tests.doors.conftest import NUMBERS, recorded

CLAIMS = {
    "sub": "7", "name": "Ayshe Test", "identity_number": NUMBERS[0], "document_kind": "resident_id",
    "birthdate": "1949-12-31", "preferred_username": "ayshe",
}  # fmt: skip
USCC = "91350100M000100Y43"
REGISTER = {
    "uscc": USCC, "name": "Example Mill Co., Ltd.", "kind": "company", "status": "active",
    "legal_representative_number": NUMBERS[0],
}  # fmt: skip


def signs_in(claims: dict, account: Account | None = None) -> SocialLogin:
    """Come from the identity provider, the first time or again, as its answer is handled."""
    request, adapter = RequestFactory().get("/"), IdentityAdapter()
    request.session, request.user = SessionStore(), AnonymousUser()
    login = SocialLogin(
        account=SocialAccount(provider="identity", uid="7", extra_data={"userinfo": dict(claims)})
    )
    login.user = Account()
    adapter.populate_user(request, login, {"username": claims.get("preferred_username")})
    if account is None:
        adapter.save_user(request, login)
    else:
        login.user = account
        adapter.pre_social_login(request, login)
    return login


def test_the_identity_provider_binds_the_account_and_nothing_personal_stays_with_it(db):
    """R3.8"""
    login = signs_in(CLAIMS)
    account = Account.objects.get()
    assert account.username == "ayshe"
    assert account.person.name == "Ayshe Test"
    assert account.person.birth_date == date(1949, 12, 31)
    assert SocialAccount.objects.get().extra_data == {}
    assert signs_in(CLAIMS, account).user == login.user
    assert Person.objects.count() == 1


def test_an_account_never_changes_hands(db):
    signs_in(CLAIMS)
    with pytest.raises(ImmediateHttpResponse) as turned_away:
        signs_in(CLAIMS | {"identity_number": NUMBERS[1]}, Account.objects.get())
    assert turned_away.value.response.status_code == 409
    assert "This account belongs to another person." in text_of(turned_away.value.response)


@pytest.mark.parametrize("missing", ["identity_number", "document_kind", "name", "birthdate"])
def test_who_is_not_vouched_for_gets_no_account(db, missing):
    with pytest.raises(ImmediateHttpResponse) as turned_away:
        signs_in({name: told for name, told in CLAIMS.items() if name != missing})
    assert turned_away.value.response.status_code == 403
    assert not Account.objects.exists()


def test_a_code_from_the_counter_binds_the_account(db):
    clerk = Account.objects.create_user(username="clerk", role="clerk", organisation="civil-affairs")
    identity = Identity(
        number=NUMBERS[0], document_kind="resident_id", full_name="Ayshe Test", birth_date=date(1949, 12, 31)
    )
    actor = Actor(account_id=clerk.id, role=Role.CLERK, name="")
    code = people.issue_binding_code(
        actor=actor,
        organisation="civil-affairs",
        basis="Identity Act art. 2",
        identity=identity,
        now=clock.now(),
    ).code
    stranger = Citizen(queries.account(Account.objects.create_user(username="stranger").id))

    wrong = stranger.sends("/my/identity/", code="WRONG")
    assert wrong.status_code == 422
    assert "This code is not valid" in text_of(wrong) and 'value="WRONG"' in wrong.content.decode()
    assert stranger.sends("/my/identity/", code=f"{code[:4]} {code[4:].lower()}")["Location"] == "/my/"
    shown = text_of(stranger.opens("/my/identity/"))
    assert "Ayshe Test" in shown and NUMBERS[0] not in shown


def test_the_business_register_says_whom_a_business_belongs_to(published, registers, resident):
    recorded(registers, "business-register", **REGISTER)
    mine, other = Citizen(resident()), Citizen(resident("other"))
    assert "Write the 18 characters" in text_of(mine.sends("/my/businesses/add/", uscc="9135"))
    assert registers.asked == []
    asked = mine.sends("/my/businesses/add/", uscc=f"{USCC[:4]} {USCC[4:].lower()}")
    assert asked.status_code == 302 and registers.asked == []
    waiting = mine.opens(asked["Location"])
    assert waiting["Refresh"] == "2" and "The page looks again by itself" in text_of(waiting)
    assert USCC in text_of(mine.opens("/my/businesses/"))
    gathering.gather_evidence(now=clock.now())
    answered = mine.opens(asked["Location"])
    assert "You can act for this business now" in text_of(answered) and not answered.has_header("Refresh")
    assert "Legal representative" in text_of(mine.opens("/my/businesses/"))
    refused = other.sends("/my/businesses/add/", uscc=USCC)["Location"]
    gathering.gather_evidence(now=clock.now())
    assert "The register does not name you" in text_of(other.opens(refused))
    assert mine.opens(refused).status_code == 404


def test_who_asked_the_business_register_about_one_is_told(published, registers, resident):
    """R15.6: the person sees that it was asked because they said so; the business sees it, and not who did."""
    recorded(registers, "business-register", **REGISTER)
    mine, other = Citizen(resident()), Citizen(resident("other"))
    for one in (mine, other):
        one.sends("/my/businesses/add/", uscc=USCC)
        gathering.gather_evidence(now=clock.now())
    business = mine.opens("/my/businesses/").context["businesses"][0].id

    assert "to find out whether you represent a business" in text_of(other.opens("/my/readings/"))
    told = text_of(mine.opens(f"/my/businesses/{business}/readings/"))
    assert "to find out whether somebody represents this business" in told


def test_while_the_business_register_is_away_nobody_waits_for_it(published, settings, resident):
    """R3.18: it is asked again later, by itself; the page says so and looks seldom."""
    settings.REGISTRY_URL = "http://127.0.0.1:9"
    mine = Citizen(resident())
    page = mine.sends("/my/businesses/add/", uscc=USCC)["Location"]
    gathering.gather_evidence(now=clock.now())
    waiting = mine.opens(page)
    assert waiting["Refresh"] == "20" and "does not answer just now" in text_of(waiting)


def test_a_mandate_is_offered_accepted_and_ended(published, registers, resident):
    recorded(registers, "business-register", **REGISTER)
    owner, agent = Citizen(resident()), Citizen(resident("agent"))
    owner.sends("/my/businesses/add/", uscc=USCC)
    gathering.gather_evidence(now=clock.now())
    business = owner.opens("/my/businesses/").context["businesses"][0].id
    until = clock.today() + timedelta(days=90)
    terms = {
        "agent": "agent",
        "scope": "every",
        "powers": ["file", "attend"],
        "until.year": until.year,
        "until.month": until.month,
        "until.day": until.day,
    }

    nobody = owner.sends(f"/my/businesses/{business}/mandates/add/", **terms | {"agent": "nobody"})
    assert "name the account of somebody else" in text_of(nobody)
    assert 'value="nobody"' in nobody.content.decode()
    assert "real date" in text_of(
        owner.sends(f"/my/businesses/{business}/mandates/add/", **terms | {"until.month": "13"})
    )
    unsaid = owner.sends(f"/my/businesses/{business}/mandates/add/", **terms | {"scope": ""})
    assert "Choose every service, or only some." in text_of(unsaid)
    untouched = owner.sends(f"/my/businesses/{business}/mandates/add/", **terms | {"scope": "some"})
    assert "Tick at least one service." in text_of(untouched)
    assert agent.sends(f"/my/businesses/{business}/mandates/add/", **terms).status_code == 404
    assert owner.sends(f"/my/businesses/{business}/mandates/add/", **terms).status_code == 302

    mandate = Mandate.objects.get()
    assert owner.sends(f"/my/mandates/{mandate.id}/accept/").status_code == 404
    agent.sends(f"/my/mandates/{mandate.id}/accept/")
    assert "By mandate" in text_of(agent.opens("/my/businesses/"))
    owner.sends(f"/my/mandates/{mandate.id}/end/")
    assert "None yet." in text_of(agent.opens("/my/businesses/"))


def test_a_mandate_is_for_just_the_services_that_were_ticked(published, resident):
    """R11.2"""
    mine, agent = Citizen(resident("me")), Citizen(resident("agent"))
    until = clock.today() + timedelta(days=90)
    named = ["address-change-notification", "residence-permit"]

    mine.sends(
        "/my/mandates/add/",
        **{
            "agent": "agent", "scope": "some", "service": named, "powers": ["file"], "until.year": until.year,
            "until.month": until.month, "until.day": until.day,
        },
    )  # fmt: skip

    assert Mandate.objects.get().services == named
    assert "Every service" not in text_of(agent.opens("/my/businesses/"))


def test_a_person_lets_somebody_act_for_them_and_sees_both_names(published, registers, resident):
    """R11.2"""
    mine, agent = Citizen(resident("me")), Citizen(resident("agent"))
    until = clock.today() + timedelta(days=90)
    terms = {
        "agent": "agent", "scope": "every", "most_fee": "", "until.year": until.year, "until.month": until.month,
        "until.day": until.day,
    }  # fmt: skip
    assert "choose what they may do" in text_of(mine.sends("/my/mandates/add/", **terms))
    wrong = mine.sends("/my/mandates/add/", **terms | {"powers": ["file"], "most_fee": "a lot"})
    assert "Write an amount" in text_of(wrong)
    assert (
        mine.sends("/my/mandates/add/", **terms | {"powers": ["file"], "most_fee": "200"}).status_code == 302
    )
    mandate = Mandate.objects.get()
    assert "fees up to" in text_of(agent.opens("/my/businesses/"))
    agent.sends(f"/my/mandates/{mandate.id}/accept/")

    service = "address-change-notification"
    assert "Me Test" in text_of(agent.opens(f"/apply/{service}/for/"))
    begun = agent.sends(f"/apply/{service}/for/", holder=f"person:{mandate.person_id}")
    assert begun.status_code == 302
    assert "Agent Test for Me Test" in text_of(agent.opens("/my/"))
    assert "Agent Test for Me Test" in text_of(mine.opens("/my/"))
    mine.sends(f"/my/mandates/{mandate.id}/end/")
    assert "Agent Test for Me Test" not in text_of(agent.opens("/my/"))
    assert mine.opens(begun["Location"]).status_code == 200
    assert agent.opens(begun["Location"]).status_code == 404


def test_a_co_signer_signs_in_their_own_account_and_the_last_signature_submits(
    published, registers, resident
):
    founder, owner = Citizen(resident()), resident("owner")
    application = invitation_to(founder, NUMBERS[1])
    co_signer = Citizen(owner)
    assert [one["card"].id for one in co_signer.opens("/my/").context["to_sign"]] == [application]
    where = f"/my/signatures/{application}/"
    assert "Resident Test applies for" in text_of(co_signer.opens(where))
    assert "Tick that you have read this" in text_of(co_signer.sends(where))
    assert Case.objects.count() == 0
    shown = co_signer.opens(where).context["invited"].card.version
    founder.sends(f"/apply/{application}/done/")
    founder.sends(f"/apply/{application}/check/", with_gaps="yes")
    changed = co_signer.sends(where, read="yes", version=shown)
    assert changed.status_code == 422
    assert "This was changed since you opened it." in text_of(changed)
    assert Case.objects.count() == 0
    signed = {"read": "yes", "version": changed.context["invited"].card.version}
    assert "You have signed" in text_of(co_signer.client.post(where, signed, follow=True))
    assert Case.objects.count() == 1
    assert founder.client.get(f"/my/signatures/{application}/").status_code == 404


def test_an_application_that_waits_for_a_signature_can_be_taken_back(published, registers, resident):
    founder = Citizen(resident())
    resident("owner")
    application = invitation_to(founder, NUMBERS[1])
    assert "somebody else signs" in text_of(founder.opens(f"/apply/{application}/done/"))
    assert founder.sends(f"/apply/{application}/done/")["Location"] == f"/apply/{application}/check/"
    assert Application.objects.get(id=application).state == "draft"


def invitation_to(founder: Citizen, number: str):
    """Submit an application that a co-owner must sign."""
    application = founder.begins("company-registration")
    founder.sends(f"/apply/{application}/fetch/")
    work()
    for _ in range(40):
        page = founder.opens(f"/apply/{application}/")
        at = page.redirect_chain[-1][0]
        work()
        if "/found/" in at:
            founder.sends(at)
        elif "/questions/" in at:
            founder.sends(at, **_answer(page.context["field"], number))
        elif "/waiting/" not in at:
            break
    founder.sends(f"/apply/{application}/check/", with_gaps="yes")
    assert Application.objects.get(id=application).state == "awaiting_signatures"
    return application


def _answer(field: dict, number: str) -> dict[str, str]:
    given = {"application.co_owner_number": number, "application.co_owner_name": "Owner Test"}
    usual = {
        "number": "5",
        "money": "1000",
        "text": given.get(field["name"], "Made up"),
        "address": "1 Made Up Street",
    }
    if field["type"] == "yes_no":
        return {field["name"]: "yes"}
    if field["type"] == "choice":
        return {field["name"]: field["choices"][0][0]}
    if field["type"] == "date":
        return {
            f"{field['name']}.{part}": value
            for part, value in (("year", "2026"), ("month", "5"), ("day", "4"))
        }
    if field["type"] == "rows":
        parts = [
            part | {"name": part["name"].replace(".0.", f".{row}.")}
            for row in (0, 1)
            for part in field["rows"][0]["fields"]
        ]
        return {name: value for part in parts for name, value in _answer(part, number).items()}
    shapes = {
        "identity_number": number,
        "phone": "00001234567",
        "email": "a@example.org",
        "postcode": "000000",
    }
    return {field["name"]: shapes.get(field.get("format", ""), usual.get(field["type"], "Made up"))}
