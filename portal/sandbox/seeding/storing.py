"""Puts a world into the tables, all of it or nothing; the same world again is left as it stands."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from portal.sandbox.models import Business, Record, Register, Resident, World
from portal.sandbox.seeding.businesses import MadeUpBusiness
from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.people import MadeUpPerson
from portal.sandbox.seeding.population import Population
from portal.sandbox.seeding.records import (
    BUSINESS_REGISTER,
    BUSINESS_REGISTER_OFFICE,
    MadeUpRecord,
    Recording,
)
from portal.sandbox.seeding.shapes import RegisterShape, read_facts, read_offices, read_registers
from portal.sandbox.seeding.sizes import SIZES
from portal.sandbox.seeding.values import read_rules

# In the order of `_row`.
RECORD_COLUMNS = "register, holder_kind, holder_number, key, facts, issued_on, valid_until, contradiction"


@dataclass(frozen=True, slots=True)
class Seeding:
    """What a seeding did: how much the world holds, and whether anything had to be written."""

    people: int
    businesses: int
    registers: int
    records: int
    is_new: bool


def seed_world(*, catalogue: Path, seed: str, today: date, size: str, password: str) -> Seeding:
    """Make up the world of this seed, day, size and catalogue; where it already stands, change nothing.

    :raises CannotRead: if the catalogue's data cannot be read.
    """
    mark = _mark(catalogue, f"{seed}|{today}|{size}")
    is_new = not World.objects.filter(mark=mark).exists()
    if is_new:
        with transaction.atomic():
            _store(catalogue, Population(Chance(seed), today, SIZES[size]), mark)
    _set_password(password)
    return Seeding(
        people=Resident.objects.count(),
        businesses=Business.objects.count(),
        registers=Register.objects.count(),
        records=Record.objects.count(),
        is_new=is_new,
    )


def _store(catalogue: Path, population: Population, mark: str) -> None:
    registers = read_registers(catalogue)
    Resident.objects.all().delete()
    Resident.objects.bulk_create(map(_resident, population.people), batch_size=1000)
    Business.objects.bulk_create(map(_business, population.businesses), batch_size=1000)
    _store_registers(registers, read_offices(catalogue))
    recording = Recording(population, read_facts(catalogue), read_rules())
    count = _copy_records(recording.records(registers))
    said = {"mark": mark, "world_date": population.today, "records": count}
    World.objects.update_or_create(pk=1, defaults=said)


def _store_registers(shapes: tuple[RegisterShape, ...], offices: Mapping[str, str]) -> None:
    """Write what registers there are; a switch stays as it was set."""
    told = [(one.code, one.name, one.office) for one in shapes]
    told.append((BUSINESS_REGISTER, "Register of businesses", BUSINESS_REGISTER_OFFICE))
    registers = [
        Register(code=code, name=name, office=office, office_name=offices.get(office, office))
        for code, name, office in told
    ]
    Register.objects.exclude(code__in=[register.code for register in registers]).delete()
    Register.objects.bulk_create(
        registers,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "office", "office_name"],
    )


def _copy_records(records: Iterable[MadeUpRecord]) -> int:
    count = 0
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE sandbox_record RESTART IDENTITY")
        with cursor.copy(f"COPY sandbox_record ({RECORD_COLUMNS}) FROM STDIN") as copy:
            for record in records:
                copy.write_row(_row(record))
                count += 1
        cursor.execute("ANALYZE sandbox_record")
    return count


def _row(record: MadeUpRecord) -> tuple[object, ...]:
    return (
        record.register,
        record.holder.kind,
        record.holder.number,
        record.key,
        json.dumps(record.facts, ensure_ascii=False),
        record.issued_on,
        record.valid_until,
        record.contradiction,
    )


def _resident(person: MadeUpPerson) -> Resident:
    return Resident(
        # Chosen here and not drawn from a sequence: the portal knows people by it, also after a new seeding.
        id=person.index,
        username=person.username,
        name=person.name,
        name_latin=person.name_latin,
        number=person.number,
        document_kind=person.document_kind,
        birth_date=person.born,
        address=person.household.address,
        phone=person.phone,
        email=person.email,
        stage=person.stage,
        is_active=person.stage == "adult",
    )


def _business(business: MadeUpBusiness) -> Business:
    return Business(
        uscc=business.number,
        name=business.name,
        name_latin=business.name_latin,
        kind=business.business_kind,
        status="in_operation",
        address=business.address,
        phone=business.phone,
        registered_on=business.born,
        capital=business.capital,
        representative_id=business.representative.index,
    )


def _set_password(password: str) -> None:
    """Give everybody the one password, hashed once: it is no secret."""
    first = Resident.objects.order_by("pk").values_list("password", flat=True).first()
    if first is not None and not (first and check_password(password, first)):
        Resident.objects.update(password=make_password(password))


def _mark(catalogue: Path, said: str) -> str:
    """Return what the world follows from, in short: seed, day, size, the catalogue's data and our own rules."""
    digest = hashlib.sha256(said.encode())
    read = (
        *catalogue.glob("*_types.toml"),
        *catalogue.glob("organisations.toml"),
        *catalogue.glob("facts/*.toml"),
    )
    for file in (*sorted(read), *sorted(Path(__file__).parent.glob("*.*"))):
        digest.update(file.name.encode() + b"|" + file.read_bytes())
    return digest.hexdigest()
