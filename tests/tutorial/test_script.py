"""The training script by itself: it prints what the metric definitions read, and serves."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from smx_lab.tutorial import digits
from smx_lab.tutorial.files import HERE, SCRIPT

METRICS = {
    "train:loss": r"Train Loss: (.*?);",
    "test:loss": r"Test Average loss: (.*?),",
    "test:accuracy": r"Test Accuracy: (.*?)%;",
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Train a small model as a job would, and answer its folder and its log."""
    folder = tmp_path_factory.mktemp("job")
    data = load_digits()
    table = np.column_stack([data.target, data.data])
    for name, rows in {"train": table[:600], "test": table[600:700]}.items():
        np.savetxt(folder / f"{name}.csv", rows, fmt="%d", delimiter=",", header="digit,pixels")
    done = subprocess.run(
        [sys.executable, HERE / SCRIPT, "--hidden_channels", "16", "--epochs", "4",
         "--normalization_mean", "4.9", "--normalization_std", "6.0"],
        env={**os.environ, "SM_CHANNEL_TRAINING": str(folder), "SM_MODEL_DIR": str(folder)},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    return folder, done.stdout


def test_each_epoch_logs_one_value_of_each_metric(trained: tuple[Path, str]) -> None:
    _, log = trained
    for expression in METRICS.values():
        values = [float(value) for value in re.findall(expression, log)]
        assert len(values) == 4
    assert values[-1] > values[0] > 10  # accuracy rises, and is better than guessing


def test_the_model_reads_most_digits_from_json_and_from_csv(trained: tuple[Path, str]) -> None:
    folder, _ = trained
    model = digits.model_fn(str(folder))
    pictures = load_digits().data[600:700]
    csv = "\n".join(",".join(str(int(pixel)) for pixel in picture) for picture in pictures)
    bodies = {"application/json": json.dumps(pictures.tolist()), "text/csv": csv}
    answers = []
    for content_type, body in bodies.items():
        inputs = digits.input_fn(body.encode(), content_type)
        text, accept = digits.output_fn(digits.predict_fn(inputs, model), "*/*")
        assert accept == "application/json"
        answers.append([one["digit"] for one in json.loads(text)["predictions"]])
    assert answers[0] == answers[1]
    right = np.mean(np.array(answers[0]) == load_digits().target[600:700])
    assert right > 0.7


def test_a_content_type_it_does_not_know_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="image/png"):
        digits.input_fn(b"", "image/png")
