"""Trains and serves a classifier of handwritten digits, under SageMaker's script-mode contract.

As a training job: hyperparameters arrive as ``--name value``, the channel ``training`` and the
folder for the model in environment variables; each epoch prints one line of metrics.
As a model: ``model_fn``, ``input_fn``, ``predict_fn`` and ``output_fn`` are called by the server.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

SIDE = 8
"""A digit is a picture of 8 by 8 pixels, each from 0 (paper) to 16 (ink)."""


def parse_arguments() -> argparse.Namespace:
    """Read the hyperparameters and SageMaker's folders."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_channels", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch_size", type=int, default=64)
    parser.add_argument("--learning_rate", type=float, default=0.01)
    parser.add_argument("--optimizer", choices=["sgd", "adam"], default="sgd")
    parser.add_argument("--normalization_mean", type=float, default=0.0)
    parser.add_argument("--normalization_std", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--training", type=Path, default=os.environ.get("SM_CHANNEL_TRAINING"))
    parser.add_argument("--model_dir", type=Path, default=os.environ.get("SM_MODEL_DIR"))
    return parser.parse_args()


def load(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Read pictures, shape (n, 64), and their digits, shape (n,), from a CSV file."""
    table = np.loadtxt(file, delimiter=",", skiprows=1)
    return table[:, 1:], table[:, 0].astype(int)


def augment(pictures: np.ndarray, digits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Add to each picture its four neighbours, moved by one pixel: five times the examples."""
    square = pictures.reshape(-1, SIDE, SIDE)
    moves = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
    moved = [np.roll(square, move, axis=(1, 2)).reshape(len(square), -1) for move in moves]
    return np.concatenate(moved), np.tile(digits, len(moves))


def train(args: argparse.Namespace) -> None:
    """Train for some epochs, print each epoch's metrics, and save the model."""
    mean, std = args.normalization_mean, args.normalization_std
    pictures, digits = load(args.training / "train.csv")
    test_pictures, test_digits = load(args.training / "test.csv")
    pictures, digits = augment(pictures, digits)
    inputs, test_inputs = (pictures - mean) / std, (test_pictures - mean) / std

    classifier = MLPClassifier(
        hidden_layer_sizes=(args.hidden_channels,),
        solver=args.optimizer,
        batch_size=args.batch_size,
        learning_rate_init=args.learning_rate,
        random_state=args.seed,
    )
    for epoch in range(1, args.epochs + 1):
        classifier.partial_fit(inputs, digits, classes=np.arange(10))
        test_loss = log_loss(test_digits, classifier.predict_proba(test_inputs), labels=range(10))
        accuracy = 100.0 * classifier.score(test_inputs, test_digits)
        print(f"Train Epoch: {epoch}/{args.epochs} Train Loss: {classifier.loss_:.6f};", flush=True)
        print(
            f"Test Average loss: {test_loss:.4f}, Test Accuracy: {accuracy:.2f}%;",
            flush=True,
        )
    joblib.dump(
        {"classifier": classifier, "mean": mean, "std": std}, args.model_dir / "model.joblib"
    )


def model_fn(model_dir: str) -> dict[str, Any]:
    """Load what ``train`` saved."""
    model: dict[str, Any] = joblib.load(Path(model_dir) / "model.joblib")
    return model


def input_fn(body: str | bytes, content_type: str) -> np.ndarray:
    """Turn a request into pictures, shape (n, 64): JSON, nested lists; or CSV, one a line."""
    text = body.decode() if isinstance(body, bytes) else body
    if content_type == "application/json":
        pictures = np.asarray(json.loads(text), dtype=float)
    elif content_type == "text/csv":
        pictures = np.loadtxt(text.splitlines(), delimiter=",", ndmin=2)
    else:
        raise ValueError(f"This model reads application/json and text/csv, not {content_type}.")
    return pictures.reshape(-1, SIDE * SIDE)


def predict_fn(pictures: np.ndarray, model: dict[str, Any]) -> np.ndarray:
    """Return the probability of each of the ten digits, shape (n, 10)."""
    inputs = (pictures - model["mean"]) / model["std"]
    probabilities: np.ndarray = model["classifier"].predict_proba(inputs)
    return probabilities


def output_fn(probabilities: np.ndarray, accept: str) -> tuple[str, str]:
    """Return the likeliest digit of each picture, and all ten probabilities, as JSON."""
    if accept not in ("application/json", "*/*"):
        raise ValueError(f"This model answers application/json, not {accept}.")
    predictions = [
        {"digit": int(row.argmax()), "probabilities": [round(float(p), 6) for p in row]}
        for row in probabilities
    ]
    return json.dumps({"predictions": predictions}), "application/json"


if __name__ == "__main__":
    train(parse_arguments())
