"""The made-up world: numbers nobody can have, the same every time, the same in every register."""

from datetime import date

import pytest
from stdnum.cn import ric, uscc

from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.population import Population
from portal.sandbox.seeding.records import Recording, has_everything
from portal.sandbox.seeding.shapes import read_facts, read_registers
from portal.sandbox.seeding.values import read_rules

pytestmark = pytest.mark.slow

TODAY = date(2026, 3, 1)


def test_nobody_can_have_the_numbers_of_the_made_up_people_and_businesses():
    population = Population(Chance("onevisit"), TODAY)
    residents = [p.number for p in population.people if p.document_kind == "resident_id"]
    businesses = [business.number for business in population.businesses]

    # 99 is no province: the check digits are right, the place is not.
    assert {number[:2] for number in residents} == {number[2:4] for number in businesses} == {"99"}
    assert all(number[-1] == ric.calc_check_digit(number) for number in residents)
    assert all(uscc.is_valid(number) for number in businesses)
    assert len({p.number for p in population.people}) == 2500


def test_the_same_seed_makes_the_same_world_and_another_seed_another_one():
    def world(seed: str) -> list:
        return Population(Chance(seed), TODAY).people

    assert world("a") == world("a")
    assert world("a") != world("b")


def test_every_register_of_the_catalogue_knows_some_holders_and_not_others(root):
    folder = root / "services" / "catalogue" / "definitions"
    registers, facts = read_registers(folder), read_facts(folder)
    population = Population(Chance("onevisit"), TODAY)
    held = {}
    for record in Recording(population, facts, read_rules()).records(registers):
        held.setdefault(record.register, {})[record.holder.number] = record

    for register in registers:
        everybody = sum(len(population.holders(kind)) for kind in register.holder_kinds)
        assert 0 < len(held[register.code]) < everybody, register.code
        # Of an unmarried person there is no spouse to tell: the fullest entry has everything.
        fullest = max(held[register.code].values(), key=lambda record: len(record.facts))
        assert set(fullest.facts) == {fact.code for fact in register.proves}


def test_a_person_is_the_same_in_every_register(root):
    folder = root / "services" / "catalogue" / "definitions"
    known: dict[tuple[str, str], set] = {}
    population = Population(Chance("onevisit"), TODAY)
    for record in Recording(population, read_facts(folder), read_rules()).records(read_registers(folder)):
        for code in ("person.full_name", "person.birth_date", "business.name", "business.uscc"):
            if code in record.facts and has_everything(record.holder):
                known.setdefault((record.holder.number, code), set()).add(record.facts[code])

    assert {len(values) for values in known.values()} == {1}
