"""Where each register is: one file says so, and what cannot be used in it is told at the start."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

from portal import registers_file
from services.core.evidence import Outcome
from services.core.facts import Holder
from services.evidence.actions import Wanted
from services.evidence.registries.asking import BUILD
from services.evidence.registries.places import ADAPTERS, LOADED, office_place, place_of
from tests.services.a_register import FOUND, ID_CARD, VEHICLE, Register, listening, obtain, says

FILE = """
[office.public-security]
address = "https://police.example.org/portal/"
token = "POLICE_TOKEN"
private_network = true

[register.vehicle-licence]
address = "https://vehicles.example.org"
"""


@pytest.fixture
def usual(settings: object) -> None:
    settings.REGISTRY_URL, settings.REGISTRY_TOKEN = "https://exchange.example.org", "usual"
    settings.REGISTRY_PRIVATE_NETWORK = True


def read(tmp_path: Path, text: str = FILE) -> dict:
    path = tmp_path / "registers.toml"
    path.write_text(text)
    return registers_file.read(str(path), FileAwareEnv())


def test_without_a_file_every_register_is_at_the_usual_place(usual):
    assert (place_of(ID_CARD).address, place_of(ID_CARD).token) == ("https://exchange.example.org", "usual")
    assert place_of(ID_CARD) == place_of(VEHICLE) == office_place("tax")


def test_an_office_and_a_register_may_be_somewhere_else(usual, tmp_path, settings, monkeypatch):
    monkeypatch.setenv("POLICE_TOKEN", "a word of the police")
    settings.REGISTERS = read(tmp_path)

    police = place_of(ID_CARD)
    assert (police.address, police.token) == ("https://police.example.org/portal", "a word of the police")
    assert police.private_network
    assert office_place("public-security") == police
    assert office_place("tax").address == "https://exchange.example.org"


def test_another_address_is_another_party_and_gets_neither_our_token_nor_our_network(
    usual, tmp_path, settings, monkeypatch
):
    monkeypatch.setenv("POLICE_TOKEN", "a word of the police")
    settings.REGISTERS = read(tmp_path)

    vehicles = place_of(VEHICLE)

    assert (vehicles.address, vehicles.token) == ("https://vehicles.example.org", "")
    assert not vehicles.private_network


def test_a_register_somewhere_else_is_asked_there(
    register: Register, ayse: Holder, settings, tmp_path, monkeypatch
):
    monkeypatch.setenv("VEHICLES_TOKEN", "a word of the vehicles")
    other = Register()
    other.will(says(FOUND | {"facts": {"person.vehicle_plate": "A00001"}}), kind=VEHICLE)
    with listening(other) as address:
        told = f'address = "{address}"\ntoken = "VEHICLES_TOKEN"\nprivate_network = true'
        settings.REGISTERS = read(tmp_path, f"[register.vehicle-licence]\n{told}")

        assert obtain(Wanted(ID_CARD, ayse), Wanted(VEHICLE, ayse, "V")) == [Outcome.NO_RECORD, Outcome.FOUND]

    assert (len(register.asked), other.tokens) == (1, ["Bearer a word of the vehicles"])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[office", "cannot be read"),
        ("[offices.tax]", "[offices] is not known"),
        ("[office]\ntax = 1", "[office.tax] is not a table"),
        ("[office.tax]\nadress = 'x'", "[office.tax] adress is not known"),
        ("[office.tax]\naddress = 1", "[office.tax] address is not a text"),
        ("[office.tax]\nprivate_network = 'yes'", "[office.tax] private_network is not true or false"),
        ("[office.tax]\nadapter = 'soap'", "[office.tax] adapter is one of: http-json"),
        ("office = 1", "[office] is not a table"),
        ("[office.tax]\naddress = 'https://tax.example.org:22'", "[office.tax] address is not one to call"),
        ("[office.tax]\ntoken = 'NOT_SET_ANYWHERE'", "[office.tax] token: NOT_SET_ANYWHERE is not set"),
    ],
)
def test_what_cannot_be_used_in_the_file_is_told_at_the_start(tmp_path, text, sentence):
    with pytest.raises(ImproperlyConfigured) as told:
        read(tmp_path, text)

    assert sentence in str(told.value)


def test_there_is_an_adapter_for_every_name():
    # what was loaded here is looked up, not called
    assert {*BUILD, LOADED} == set(ADAPTERS)
