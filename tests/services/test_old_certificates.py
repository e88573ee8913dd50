"""An office's old certificates, loaded from a file: a register like any other the same day, or every mistake told."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from services.cases.queries import drafts
from services.catalogue.actions import publish
from services.catalogue.queries import NoSuchRegister
from services.core.evidence import Outcome, Source, Standing
from services.core.facts import Holder
from services.evidence.actions import Verdict, Wanted, keep_verdict, loading, obtain
from services.evidence.actions.calling import call
from services.evidence.actions.correcting import ask_to_correct
from services.evidence.actions.loading import LoadedElsewhere, load_register
from services.evidence.models import Evidence, LoadedRecord, RecordCorrection, RegisterLoad
from services.evidence.old_certificates import FileNotGood
from services.evidence.registries import Question
from tests.services.a_matter import PREFECTURE, begin, file
from tests.services.a_register import APPLICATION, NOW, NUMBER, evidence_type

HEAD = "holder_number,record_number,issued_on,person.home"
HOME = "1 Old Lane"
HERS = f"{NUMBER},HR-1987-4,1987-05-04,{HOME}"
BO = "440524188001010014"
HOME_RECORD = evidence_type("home-record", organisation="records-office", proves=("person.home",))


@pytest.fixture
def old(tmp_path: Path):
    """Write a file of old home records."""

    def write(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
        path = tmp_path / "homes.csv"
        path.write_text("\n".join([head, *rows]) + "\n", encoding=encoding)
        return path

    return write


@pytest.fixture
def pilots(prefecture, settings, tmp_path):
    """Publish the pilot's card anew: whoever applies for it must have a recorded home."""
    changed = shutil.copytree(PREFECTURE, tmp_path / "prefecture")
    card = changed / "papers" / "pilot-card.toml"
    home = '[[requirement]]\ncode = "home"\nany_of = ["home-record"]\n\n[[step]]'
    card.write_text(card.read_text().replace("[[step]]", home, 1))
    settings.CATALOGUE_DIR = changed
    publish(folder=changed, now=NOW)


def load(path: Path, kind: str = "home-record") -> tuple[int, int]:
    done = load_register(kind=kind, path=path, now=NOW)
    return done.rows, done.stored


def told(path: Path, kind: str = "home-record") -> list[str]:
    with pytest.raises(FileNotGood) as refused:
        load(path, kind)
    assert not LoadedRecord.objects.exists()
    return [str(mistake) for mistake in refused.value.errors]


def answer(number: str = NUMBER, key: str = "") -> Outcome:
    question = Question(type=HOME_RECORD, holder_kind="person", number=number, key=key, matter_id=APPLICATION)
    return call(questions=[question], now=NOW)[0].outcome


# --- Found the same day ----------------------------------------------------------------------------------


def test_an_old_certificate_is_found_as_evidence_of_its_office_and_nobody_is_asked_for_paper(
    pilots, ayshe, old
):
    """R3.1, R3.16: grade A, with the office and its number of the record."""
    assert begun(ayshe).standing is Standing.OPEN

    load(old(HERS))

    found = begun(ayshe)
    assert (found.standing, found.ways) == (Standing.SETTLED, ())
    (one,) = found.evidence
    assert (one.source, one.grade, one.facts) == (Source.REGISTRY, "A", {"person.home": HOME})
    row = Evidence.objects.get(id=one.id)
    assert (row.organisation, row.register_reference) == ("records-office", "HR-1987-4")
    assert row.issued_on.isoformat() == "1987-05-04"


def begun(ayshe):
    """How the pilot's card stands with the record of a home, once offices were asked."""
    application = begin(ayshe, "pilot-card")
    (wanted,) = [
        one
        for one in drafts.draft(viewer=ayshe, application_id=application).requirements
        if one.code == "home"
    ]
    return wanted


def test_what_an_office_has_corrected_is_not_told_from_its_old_file_again(prefecture, ayshe, old):
    """R3.15: the register itself is asked from then on."""
    load(old(HERS, f"{BO},HR-1990-1,1990-01-01,2 New Lane"))
    wanted = Wanted(type=HOME_RECORD, holder=Holder("person", ayshe.person_id))
    obtain(application_id=APPLICATION, wanted=[wanted], now=NOW)
    wrong = Evidence.objects.get(type="home-record")
    request = ask_to_correct(evidence=wrong, application_id=APPLICATION, reason="I moved.", now=NOW)
    RecordCorrection.objects.update(state="open", sent_at=NOW)
    keep_verdict(correction_id=request, verdict=Verdict("corrected", ""), now=NOW)

    assert answer() is Outcome.NO_RECORD
    assert answer(BO) is Outcome.FOUND


def test_what_was_issued_here_goes_before_what_was_issued_earlier(pilots, ayshe, old):
    """R12.2: the newer version of the same certificate counts."""
    load(old(HERS))
    file(ayshe, "home-record", {"application.home": "2 New Lane"})

    (one,) = begun(ayshe).evidence
    assert (one.source, one.facts) == (Source.ISSUED, {"person.home": "2 New Lane"})


def test_whom_the_file_does_not_know_the_register_is_asked_about(prefecture, old, settings):
    load(old(HERS))
    before = len(prefecture.asked)

    assert (answer(), len(prefecture.asked)) == (Outcome.FOUND, before)
    assert (answer(BO), len(prefecture.asked)) == (Outcome.NO_RECORD, before + 1)
    # Where the register is nowhere but here, the file is all there is.
    settings.REGISTERS = {"register": {"home-record": {"adapter": "loaded"}}}
    assert (answer(BO), len(prefecture.asked)) == (Outcome.NO_RECORD, before + 1)


def test_nothing_in_the_table_tells_whose_record_it_is_or_what_it_says(prefecture, old):
    load(old(HERS))

    (row,) = LoadedRecord.objects.values()
    assert NUMBER not in str(row) and HOME not in str(row)


# --- Once, whole, and the newest -------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing_and_another_takes_its_place(prefecture, old):
    assert load(old(HERS)) == (1, 1)
    assert load(old(HERS)) == (1, 0)
    assert load(old(f"{BO},HR-2,1990-01-01,3 Lane")) == (1, 1)

    assert (answer(), answer(BO)) == (Outcome.NO_RECORD, Outcome.FOUND)
    assert LoadedRecord.objects.count() == 1


def test_what_was_interrupted_answers_nothing_and_goes_on_where_it_stopped(prefecture, old, monkeypatch):
    monkeypatch.setattr(loading, "CHUNK", 1)
    path, store = old(HERS, f"{BO},HR-2,1990-01-01,3 Lane"), loading._store
    kept = []

    def dies_at_the_second(one, rows):
        if kept:
            raise ConnectionError
        kept.append(store(one, rows))

    with monkeypatch.context() as power_cut, pytest.raises(ConnectionError):
        power_cut.setattr(loading, "_store", dies_at_the_second)
        load(path)
    assert (LoadedRecord.objects.count(), answer()) == (1, Outcome.NO_RECORD)

    assert load(path) == (2, 1)
    assert (answer(), answer(BO)) == (Outcome.FOUND, Outcome.FOUND)


def test_two_who_load_the_same_register_do_not_mix(prefecture, old):
    path = old(HERS)
    good = loading.check_file(path, loading.catalogue.described_register("home-record"), on=NOW.date())
    ours = loading._begin("home-record", good, NOW)
    theirs = RegisterLoad.objects.get()
    rows = list(loading._certificates(loading.read_rows(path, _home_record(), on=NOW.date()), after=0))
    loading._store(ours, rows)

    with pytest.raises(LoadedElsewhere):
        loading._store(theirs, rows)
    assert LoadedRecord.objects.count() == 1


def _home_record():
    return loading.catalogue.described_register("home-record")


# --- Every mistake at once -------------------------------------------------------------------------------


def test_every_mistake_of_every_row_is_told_at_its_line_and_nothing_is_loaded(prefecture, old):
    """R12.8: the check digit too. No sentence repeats what stands in the cell."""
    path = old(
        HERS,
        f"{NUMBER[:-1]}9,HR-2,1990-01-01,3 Lane",
        f"{BO},,2099-01-01,3 Lane",
        f"{BO},HR-3,yesterday,3 Lane",
        f"{BO},HR-4",
        HERS,
    )

    assert told(path) == [
        "line 3, holder_number: This number is not a valid one of the kind resident_id. "
        "Compare it with the card, digit by digit.",
        "line 4, record_number: Write 1 to 200 characters.",
        "line 4, issued_on: This day has not come yet.",
        "line 5, issued_on: Write the day as 2020-05-31.",
        "line 6: This row has 2 cells, not 4.",
        "line 7: Line 2 is about the same holder and thing. Keep the one that counts.",
    ]


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("holder_number,record_number,person.home", "line 1: The column “issued_on” is missing."),
        (f"{HEAD},{HEAD.split(',')[3]}", "line 1: The column “person.home” is there twice."),
        (f"{HEAD},religion", "line 1: The column “religion” is not known. Known are: document_kind,"),
    ],
)
def test_a_table_of_other_columns_is_refused_at_its_first_line(prefecture, old, head, sentence):
    assert told(old(HERS, head=head))[0].startswith(sentence)


def test_an_end_before_the_beginning_is_refused(prefecture, old):
    row = f"{NUMBER},HR-1,2020-05-04,{HOME},2019-01-01"

    assert told(old(row, head=f"{HEAD},valid_until")) == [
        "line 2, valid_until: This day is before the day of issue."
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "line 1: The column “holder_number” is missing."),
        (HEAD.encode(), "line 1: There is no row in it."),
        ((HEAD + "\n" + HERS + "张").encode("gb18030"), "It is not UTF-8. Save it as “CSV UTF-8”."),
        (
            f'{HEAD}\n{NUMBER},"HR'.encode(),
            "line 2: This is not a row of a CSV file: unexpected end of data.",
        ),
        (
            f"{HEAD}\n{NUMBER},HR\x00,1987-05-04,x".encode(),
            "line 2, record_number: Write 1 to 200 characters.",
        ),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_sentence_that_helps(prefecture, tmp_path, content, sentence):
    path = tmp_path / "homes.csv"
    path.write_bytes(content)

    assert told(path)[0] == sentence


def test_a_file_as_a_spreadsheet_writes_it_is_read(prefecture, old):
    """With a mark in front, spaces, an empty row, and days as they are typed."""
    path = old(f" {NUMBER[:6]} {NUMBER[6:]} ,HR-1,1987/5/4,1 Lane", ",,,", encoding="utf-8-sig")

    assert load(path) == (1, 1)


def test_of_a_thousand_mistakes_a_hundred_are_told_and_all_counted(prefecture, old):
    with pytest.raises(FileNotGood) as refused:
        load(old(*["1,HR-1,1987-05-04,x"] * 1000))

    assert (len(refused.value.errors), refused.value.values["count"]) == (100, 1000)


def test_only_what_an_office_can_be_asked_for_can_be_loaded(prefecture, old):
    for kind in ("portrait", "nothing"):
        with pytest.raises(NoSuchRegister):
            load(old(HERS), kind)


# --- As an operator does it ------------------------------------------------------------------------------


def test_the_command_checks_loads_and_tells_every_mistake(prefecture, old, capsys):
    good = old(HERS)
    call_command("load_register", "home-record", str(good), "--check")
    assert "1 certificates. Nothing was loaded." in capsys.readouterr().out
    assert not LoadedRecord.objects.exists()

    call_command("load_register", "home-record", str(good))
    call_command("load_register", "home-record", str(good))
    said = capsys.readouterr().out
    assert "1 certificates are its register now (1 stored)" in said
    assert "this file is its register already" in said

    with pytest.raises(CommandError, match="has 1 mistakes"):
        call_command("load_register", "home-record", str(old("1,HR-1,1987-05-04,x")))
    assert "homes.csv, line 2, holder_number: This number is not a valid one" in capsys.readouterr().err
