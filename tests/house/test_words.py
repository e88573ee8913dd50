"""It serves people and does not watch them: some words stand in no field, question, page or translation (R15.5)."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FOLDERS = ("services", "portal", "templates", "static", "docs")
KINDS = {".py", ".toml", ".html", ".txt", ".po", ".md", ".js", ".css", ".json", ".svg"}

DENIED = (
    "ethnicity", "ethnic", "religion", "religious", "race", "biometric", "biometrics", "fingerprint", "face",
    "credit score", "blacklist", "political view", "social credit", "movement history",
)  # fmt: skip
DENIED_CHINESE = ("民族", "宗教", "信用分", "失信", "人脸", "指纹", "黑名单", "政治面貌")
# An identifier of organisations, not a score.
ALLOWED = ("统一社会信用代码", "unified social credit code")

# Letters end a word; an underscore, a hyphen or a digit does not save it.
_WORDS = "|".join(word.replace(" ", r"[\s_-]?") for word in DENIED)
PATTERN = re.compile(rf"(?<![a-z])({_WORDS})(?![a-z])|{'|'.join(DENIED_CHINESE)}", re.IGNORECASE)


def denied(text: str) -> list[str]:
    """Return the denied words in the text."""
    for allowed in ALLOWED:
        text = re.sub(re.escape(allowed), "", text, flags=re.IGNORECASE)
    return [found[0] for found in PATTERN.finditer(text)]


@pytest.mark.parametrize(
    "text",
    ["ethnicity", "Religion:", "race", "face_image", "FACE-ID", "fingerprints.fingerprint", "credit_score",
     "creditScore", "blacklist2", "您的民族", "person.religion", "social credit"],
)  # fmt: skip
def test_the_test_itself_finds_them(text: str) -> None:
    assert denied(text)


@pytest.mark.parametrize(
    "text",
    [
        "interface",
        "trace",
        "surface",
        "embrace",
        "uscc",
        "统一社会信用代码",
        "the unified social credit code",
    ],
)
def test_and_leaves_others_alone(text: str) -> None:
    assert denied(text) == []


def test_no_denied_word_stands_anywhere_in_the_product() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.suffix in KINDS]
    files += [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    found = {
        f"{file.relative_to(ROOT)}:{number}": words
        for file in files
        if file.exists()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if (words := denied(line))
    }

    assert found == {}


def test_no_field_of_any_record_is_named_so() -> None:
    """R5.8: nobody's past is kept to bar them"""
    rooms = [app for app in apps.get_app_configs() if app.name.startswith(("services.", "portal"))]
    names = [
        f"{model.__name__}.{field.name} {getattr(field, 'verbose_name', '')}"
        for app in rooms
        for model in app.get_models()
        for field in model._meta.get_fields()
    ]

    assert names
    assert [name for name in names if denied(name)] == []
