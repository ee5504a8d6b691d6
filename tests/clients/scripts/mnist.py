"""The entry script of the notebook's training jobs: SageMaker's script mode, with scikit-learn."""

import argparse
import os
from pathlib import Path

import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier


def model_fn(model_dir):
    return joblib.load(Path(model_dir) / "model.joblib")


def predict_fn(images, model):
    return model.predict(np.asarray(images))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_channels", type=int)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--dropout", type=float)
    parser.add_argument("--optimizer")
    parser.add_argument("--data-dir", default=os.environ["SM_CHANNEL_TRAINING"])
    options = parser.parse_args()
    mean, std = np.loadtxt(Path(options.data_dir) / "normalization.csv")
    images, labels = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        (images / 16 - mean) / std, labels, random_state=0
    )
    model = MLPClassifier((options.hidden_channels,), solver=options.optimizer, random_state=0)
    for epoch in range(options.epochs):
        model.partial_fit(train_x, train_y, classes=np.arange(10))
        print(f"Train Epoch: {epoch} Train Loss: {model.loss_:.6f};")
        loss = log_loss(test_y, model.predict_proba(test_x), labels=np.arange(10))
        accuracy = 100 * model.score(test_x, test_y)
        print(f"Test Average loss: {loss:.4f}, Test Accuracy: {accuracy:.0f}%;")
    joblib.dump(model, Path(os.environ["SM_MODEL_DIR"]) / "model.joblib")
