"""Publishing a catalogue: all of it or nothing, and nothing new where nothing changed."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from services.catalogue.actions import publish
from services.catalogue.models import PublicService, ServiceVersion
from services.core.reading import DefinitionRefused
from services.visits.actions import load_centres

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
PREFECTURE = Path(settings.BASE_DIR) / "tests" / "prefecture"


def test_publishing_our_catalogue_again_changes_nothing() -> None:
    publish(folder=Path(settings.CATALOGUE_DIR), now=NOW)
    versions = list(ServiceVersion.objects.order_by("pk").values())
    services = list(PublicService.objects.order_by("code").values())

    report = publish(folder=Path(settings.CATALOGUE_DIR), now=NOW + timedelta(days=1))

    assert (report.published, report.withdrawn) == ((), ())
    assert len(report.unchanged) == len(services) == 145
    assert list(ServiceVersion.objects.order_by("pk").values()) == versions
    assert list(PublicService.objects.order_by("code").values()) == services


def test_every_mistake_in_the_data_is_told_and_nothing_is_published(tmp_path: Path) -> None:
    folder = shutil.copytree(PREFECTURE, tmp_path / "prefecture")
    for name, old, new in (
        ("centres.toml", 'opens = "09:00"', "opens = 9"),
        ("jurisdiction.toml", "[calendar.2026]", "[calendar.soon]"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(CommandError, match="prefecture cannot be published: 2 mistakes") as refused:
        call_command("publish_definitions", folder)

    told = str(refused.value)
    assert "centres.toml: hall.opens: Write a time of day as a text, such as “09:00”." in told
    assert "jurisdiction.toml: calendar.soon: A calendar is named by its year, such as 2026." in told
    assert not ServiceVersion.objects.exists()


def test_centres_with_mistakes_are_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "centres.toml").write_text("hall = 5", encoding="utf-8")

    with pytest.raises(DefinitionRefused, match="hall: Write a table here"):
        load_centres(folder=tmp_path)
