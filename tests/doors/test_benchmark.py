"""The benchmark: on a machine where no engine runs yet, it measures, says ratios, and leaves nothing running."""

import os
import re
import subprocess
import sys

import pytest

from portal import engines

pytestmark = pytest.mark.slow


def test_a_few_cases_are_measured_beside_both_engines_which_it_starts_and_stops_itself(root, tmp_path):
    unset = ("DATABASE_URL", "REDIS_URL", "TEST_PLACE", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    asked = ["benchmark", "--cases", "20", "--people", "5", "--seconds", "0.2"]
    ended = subprocess.run(
        [sys.executable, str(root / "manage.py"), *asked],
        cwd=root,
        env={**environment, "VAR_DIR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
    )

    assert ended.returncode == 0, ended.stderr
    assert "20 cases of " in ended.stdout
    assert re.search(
        r"reading \d+\.\d+, deciding \d+\.\d+, writing \d+\.\d+, commit \d+\.\d+ ms", ended.stdout
    )
    assert re.search(r"PostgreSQL, .* tx/s +ratio 0\.\d*[1-9]", ended.stdout)
    assert re.search(r"Valkey, .* SET/s +ratio 0\.\d*[1-9]", ended.stdout)
    assert engines.running(tmp_path / "var") == {"PostgreSQL": None, "Valkey": None}
