"""The soak of ``bench/soak.py``, for some seconds instead of two minutes."""

from __future__ import annotations

from pathlib import Path

from bench.soak import soak


def test_nothing_is_lost_or_doubled_while_the_service_is_killed_again_and_again(tmp_path: Path):
    outcome = soak(tmp_path / "data", clients=4, seconds=3, kills=3)
    assert outcome.faults == []
    assert outcome.kills == 3
    assert outcome.writes > 0
    assert outcome.searches > 0
