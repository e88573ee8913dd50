"""The made-up world: numbers nobody can have, the same every time, the same in every register."""

from datetime import date

import pytest
from stdnum.cn import ric, uscc

from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.population import Population
from portal.sandbox.seeding.records import Recording, has_everything
from portal.sandbox.seeding.shapes import read_facts, read_registers
from portal.sandbox.seeding.sizes import LARGE, SMALL
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
        return Population(Chance(seed), TODAY, SMALL).people

    assert world("a") == world("a")
    assert world("a") != world("b")


def test_a_prefecture_lives_in_the_large_world_and_the_small_one_is_made_by_the_same_rules():
    assert LARGE.people >= 2000 and LARGE.businesses >= 400
    large, small = (Population(Chance("onevisit"), TODAY, size) for size in (LARGE, SMALL))

    assert (len(small.people), len(small.businesses)) == (SMALL.people, SMALL.businesses)
    # Whoever grew up in both is the same, at the same address.
    first = slice(SMALL.adults - SMALL.foreigners)
    who = [
        [(one.name, one.number, one.household.address) for one in world.people[first]]
        for world in (large, small)
    ]
    assert who[0] == who[1]
    assert {one.stage for one in small.people} == {"adult", "child", "deceased"}


def test_the_certificates_an_office_issued_before_the_portal_began_stand_in_its_register(root):
    """Every type of certificate we issue has holders of an earlier one: with the day, and what it proves."""
    folder = root / "services" / "catalogue" / "definitions"
    issued = {one.code: one for one in read_registers(folder) if not one.is_live}
    population = Population(Chance("onevisit"), TODAY, SMALL)
    records = Recording(population, read_facts(folder), read_rules()).records(tuple(issued.values()))

    held = {}
    for record in records:
        if record.register in issued:
            held.setdefault(record.register, []).append(record)
    assert set(held) == set(issued)
    for code, earlier in held.items():
        assert all(record.issued_on is not None and record.issued_on <= TODAY for record in earlier), code
        assert any(set(record.facts) == {fact.code for fact in issued[code].proves} for record in earlier), (
            code
        )


def test_every_register_of_the_catalogue_knows_some_holders_and_not_others(root):
    folder = root / "services" / "catalogue" / "definitions"
    registers, facts = read_registers(folder), read_facts(folder)
    population = Population(Chance("onevisit"), TODAY, SMALL)
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
    population = Population(Chance("onevisit"), TODAY, SMALL)
    for record in Recording(population, read_facts(folder), read_rules()).records(read_registers(folder)):
        for code in ("person.full_name", "person.birth_date", "business.name", "business.uscc"):
            if code in record.facts and has_everything(record.holder):
                known.setdefault((record.holder.number, code), set()).add(record.facts[code])

    assert {len(values) for values in known.values()} == {1}
