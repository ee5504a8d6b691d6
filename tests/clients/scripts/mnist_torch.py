"""The entry script of the notebook's training jobs with PyTorch: a small CNN on digits."""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

SIDE = 8
OPTIMIZERS = {"sgd": optim.SGD, "adam": optim.Adam}


class Net(nn.Module):
    def __init__(self, hidden_channels, dropout=0.0):
        super().__init__()
        self.conv1 = nn.Conv2d(1, hidden_channels, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(hidden_channels, 20, kernel_size=3, padding=1)
        self.drop = nn.Dropout(dropout)
        self.fc1 = nn.Linear(20 * (SIDE // 4) ** 2, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        return F.log_softmax(self.fc2(self.drop(x)), dim=1)


def load(data_dir):
    rows = torch.from_numpy(np.loadtxt(Path(data_dir) / "digits.csv", delimiter=","))
    mean, std = np.loadtxt(Path(data_dir) / "normalization.csv")
    images = ((rows[:, :-1] / 16 - mean) / std).float().reshape(-1, 1, SIDE, SIDE)
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(0))
    dataset = TensorDataset(images[order], rows[order, -1].long())
    test = len(rows) // 4
    return dataset[test:], dataset[:test]


def train(options):
    torch.manual_seed(1)
    device = torch.device("cuda" if int(os.environ["SM_NUM_GPUS"]) > 0 else "cpu")
    training, (test_images, test_labels) = load(options.data_dir)
    batches = DataLoader(TensorDataset(*training), batch_size=64, shuffle=True)
    model = Net(options.hidden_channels, options.dropout).to(device)
    optimizer = OPTIMIZERS[options.optimizer](model.parameters(), lr=0.003)
    for epoch in range(options.epochs):
        model.train()
        for images, labels in batches:
            optimizer.zero_grad()
            loss = F.nll_loss(model(images.to(device)), labels.to(device))
            loss.backward()
            optimizer.step()
        print(f"Train Epoch: {epoch} Train Loss: {loss.item():.6f};")
        model.eval()
        with torch.no_grad():
            output = model(test_images.to(device)).cpu()
        test_loss = F.nll_loss(output, test_labels).item()
        accuracy = 100 * (output.argmax(1) == test_labels).float().mean().item()
        print(f"Test Average loss: {test_loss:.4f}, Test Accuracy: {accuracy:.0f}%;")
    state = {"hidden_channels": options.hidden_channels, "state_dict": model.cpu().state_dict()}
    torch.save(state, Path(options.model_dir) / "model.pth")


def model_fn(model_dir):
    state = torch.load(Path(model_dir) / "model.pth", map_location="cpu")
    model = Net(state["hidden_channels"])
    model.load_state_dict(state["state_dict"])
    return model.eval()


def predict_fn(images, model):
    with torch.no_grad():
        x = torch.from_numpy(np.asarray(images, dtype=np.float32)).reshape(-1, 1, SIDE, SIDE)
        return model(x).argmax(1).numpy()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hidden_channels", type=int)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--dropout", type=float)
    parser.add_argument("--optimizer", choices=OPTIMIZERS)
    parser.add_argument("--hosts", type=json.loads, default=os.environ["SM_HOSTS"])
    parser.add_argument("--model-dir", default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--data-dir", default=os.environ["SM_CHANNEL_TRAINING"])
    train(parser.parse_args())
