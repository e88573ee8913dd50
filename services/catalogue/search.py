"""What a service is found by: its names, what it gives, its programme, its Chinese name in Latin letters.

Only publishing needs it: whoever searches is spared the dictionary of a Chinese input method.
"""

import re
from collections.abc import Iterable, Mapping

from pypinyin import Style, lazy_pinyin

from services.catalogue.wording import normalized
from services.core.definitions import Definition

CHINESE = re.compile(r"[\u3400-\u9fff]+")


def search_text(definition: Definition, programme_name: Mapping[str, str]) -> str:
    """Return all the words a service is found by, the name first."""
    result = _result_name(definition)
    chinese = CHINESE.findall(f"{definition.name.get('zh', '')} {result.get('zh', '')}")
    parts = [
        *definition.name.values(),
        definition.code.replace("-", " "),
        *_typed(chinese),
        *result.values(),
        *definition.summary.values(),
        *programme_name.values(),
    ]
    return " ".join(normalized(part) for part in parts if part)


def _result_name(definition: Definition) -> Mapping[str, str]:
    """Return what one gets: people look for the certificate as often as for the service."""
    output = definition.output
    return definition.evidence_types[output.certificate].name if output.certificate else output.result


def _typed(chinese: Iterable[str]) -> Iterable[str]:
    """Yield how the words are typed: syllables apart, in one go, and by their initials."""
    for word in chinese:
        syllables = lazy_pinyin(word)
        yield " ".join(syllables)
        yield "".join(syllables)
        yield "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
