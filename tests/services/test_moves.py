"""The database knows the table of moves as the law has it: every pair of states is tried on it."""

import pytest
from django.db import DatabaseError, connection, transaction

from services.cases.models import Case, Pause
from services.core.pauses import PauseKind
from services.core.states import MOVES, CaseState, Role
from services.ledger.actions import Actor, Head, NewEntry, record_entries
from services.notices.models import Notice
from tests.services.a_matter import file
from tests.services.a_register import NOW

PAIRS = [(before, after) for before in CaseState for after in CaseState if before is not after]
LAWFUL = {(before, after) for before, moves in MOVES.items() for after in moves}

# Tries each move in a block of its own, so that one statement tells which of them the database refuses.
TRY_ALL = """
DO $$
DECLARE one record;
BEGIN
    CREATE TEMPORARY TABLE made (service text) ON COMMIT DROP;
    FOR one IN SELECT id, service FROM cases_case WHERE service LIKE '%>%' LOOP
        BEGIN
            UPDATE cases_case SET state = split_part(service, '>', 2),
                ledger_sequence = 1, ledger_head = (SELECT digest FROM ledger_entry WHERE case_id = one.id)
            WHERE id = one.id;
            INSERT INTO made VALUES (one.service);
        EXCEPTION WHEN integrity_constraint_violation THEN
        END;
    END LOOP;
END $$
"""


@pytest.fixture
def case(ayshe):
    """A real case, from which others are copied."""
    return file(ayshe, "works-permit", {"application.works": "a shed", "application.height": 3})


def copies(case: Case, services: list[str]) -> list[Case]:
    """Enter a copy of the case for each of the names, as received and with nothing written of it yet."""
    names = [
        one.attname for one in Case._meta.concrete_fields if one.attname not in ("id", "number", "service")
    ]
    known = {name: getattr(case, name) for name in names}
    known |= {"state": "received", "ledger_sequence": 0, "ledger_head": "", "ending": "none"}
    rows = [Case(number=f"C-{number}", service=name, **known) for number, name in enumerate(services)]
    return Case.objects.bulk_create(rows)


def put_where_they_begin() -> None:
    """Set the copies into the state they are to leave, as only the owner of the table can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE cases_case DISABLE TRIGGER USER")
        cursor.execute("UPDATE cases_case SET state = split_part(service, '>', 1) WHERE service LIKE '%>%'")
        cursor.execute("ALTER TABLE cases_case ENABLE TRIGGER USER")


def entries_for(rows: list[Case], states: dict[str, list[str]]) -> None:
    """Write an entry for each, naming the states it leads through."""
    actor = Actor(rows[0].application.account_id, Role.APPLICANT)
    record_entries(
        entries=[
            NewEntry(case_id=one.id, head=Head(), at=NOW, actor=actor, event="moved", detail={"states": way})
            for one in rows
            if (way := states[one.service])
        ]
    )


def pauses_for(rows: list[Case]) -> None:
    """Give what is to become paused its pause, with the letter that told of it."""
    paused = [one for one in rows if one.service.endswith(f">{CaseState.PAUSED}")]
    account_id = rows[0].application.account_id
    letters = Notice.objects.bulk_create(
        Notice(account_id=account_id, case_id=one.id, kind="paused", values={}, created_at=NOW)
        for one in paused
    )
    Pause.objects.bulk_create(
        Pause(
            case=one, kind=PauseKind.TESTING, legal_basis="Works Act", planned_days=1, started_on=NOW,
            told_on=NOW, paused_by_id=account_id, letter_id=letter.id,
        )
        for one, letter in zip(paused, letters, strict=True)
    )  # fmt: skip


def test_the_database_lets_a_case_make_the_moves_of_the_table_and_no_others(case):
    """Design §7: what is not in the table is forbidden, an entry or not."""
    rows = copies(case, [f"{before}>{after}" for before, after in PAIRS])
    entries_for(rows, {f"{before}>{after}": [after] for before, after in PAIRS})
    pauses_for(rows)
    put_where_they_begin()

    with connection.cursor() as cursor:
        cursor.execute(TRY_ALL)
        cursor.execute("SELECT service FROM made")
        made = {tuple(map(CaseState, service.split(">"))) for (service,) in cursor.fetchall()}

    assert made == LAWFUL


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (["closed"], "is received and cannot become closed"),
        (["accepted", "closed"], "is accepted and cannot become closed"),
        (["accepted", "in_review", "decided", "issued"], "is issued and cannot become closed"),
        ([], "without its ledger entry"),
    ],
)
def test_a_turn_of_many_moves_names_every_one_of_them(case, way, told):
    rows = copies(case, ["received>closed"])
    entries_for(rows, {"received>closed": way})

    with pytest.raises(DatabaseError, match=told), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET state = 'closed', ledger_sequence = 1, ledger_head = coalesce("
            "(SELECT digest FROM ledger_entry WHERE case_id = cases_case.id), '') WHERE id = %s",
            [rows[0].id],
        )


def test_a_turn_that_names_a_lawful_way_is_taken_at_once(case):
    rows = copies(case, ["received>closed"])
    entries_for(rows, {"received>closed": ["accepted", "in_review", "decided", "delivered", "closed"]})

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET state = 'closed', ledger_sequence = 1, ledger_head ="
            " (SELECT digest FROM ledger_entry WHERE case_id = cases_case.id) WHERE id = %s",
            [rows[0].id],
        )

    rows[0].refresh_from_db()
    assert rows[0].state == "closed"


@pytest.mark.parametrize("state", [state for state in CaseState if state is not CaseState.RECEIVED])
def test_a_case_begins_at_received(case, state):
    case.id, case.number, case.service, case.state = None, "C-other", "other", state

    with pytest.raises(DatabaseError, match="begins at received"), transaction.atomic():
        case.save(force_insert=True)


def test_a_case_is_not_paused_without_a_pause(case):
    (row,) = copies(case, ["in_review>paused"])
    entries_for([row], {row.service: ["paused"]})
    put_where_they_begin()

    with (
        pytest.raises(DatabaseError, match="exactly while it has an open pause"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE cases_case SET state = 'paused', ledger_sequence = 1, ledger_head ="
            " (SELECT digest FROM ledger_entry WHERE case_id = cases_case.id) WHERE id = %s",
            [row.id],
        )
