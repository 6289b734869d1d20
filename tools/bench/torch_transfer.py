"""PyTorch, as a whole program: a head for a frozen ResNet-50, from photographs on disk to a trained head.

`tutorial` is the "fixed feature extractor" of PyTorch's transfer-learning tutorial; `features` computes the frozen part
once for each photograph, as Graft does, and fits the head on that.
"""

import argparse
import contextlib
import json

import torch_networks

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets, transforms

CLASSES, SIZE, BATCH = 2, 224, 32
# What Keras's weights want: 0 to 255, the mean of each channel away.
NORMALIZE = transforms.Normalize([123.68 / 255, 116.779 / 255, 103.939 / 255], [1 / 255] * 3)
AUGMENTED = transforms.Compose([
    transforms.RandomResizedCrop(SIZE), transforms.RandomHorizontalFlip(), transforms.ToTensor(), NORMALIZE])
PLAIN = transforms.Compose([
    transforms.Resize(SIZE + 32), transforms.CenterCrop(SIZE), transforms.ToTensor(), NORMALIZE])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", choices=("tutorial", "features"))
    parser.add_argument("--data", required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--precision", choices=("fp32", "bf16"), required=True)
    parser.add_argument("--threads", type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = torch_networks.network("resnet50", CLASSES)
    model.load_state_dict(torch.load(options.weights, weights_only=True))
    model.eval().requires_grad_(False)
    model.fc.requires_grad_(True)
    run = {"tutorial": tutorial, "features": features}[options.recipe]
    print(json.dumps({"validation_accuracy": run(model, options)}))


def photographs(options, part, transform, shuffle=False):
    folder = datasets.ImageFolder(f"{options.data}/{part}", transform)
    return DataLoader(folder, batch_size=BATCH, shuffle=shuffle, num_workers=options.threads)


def precision(options):
    enabled = options.precision == "bf16"
    return torch.autocast("cpu", dtype=torch.bfloat16) if enabled else contextlib.nullcontext()


def tutorial(model, options):
    def logits(images):
        with precision(options):
            return model(images.to(memory_format=torch.channels_last)).float()

    train, validation = photographs(options, "train", AUGMENTED, shuffle=True), photographs(options, "val", PLAIN)
    return fit(logits, model.fc, train, validation, options.epochs)


def features(model, options):
    head = model.fc
    model.fc = torch.nn.Identity()
    tables = []
    for part in ("train", "val"):
        vectors, labels = [], []
        with torch.inference_mode(), precision(options):
            for images, classes in photographs(options, part, PLAIN):
                vectors.append(model(images.to(memory_format=torch.channels_last)).float())
                labels.append(classes)
        tables.append(TensorDataset(torch.cat(vectors).clone(), torch.cat(labels)))
    train, validation = DataLoader(tables[0], BATCH, shuffle=True), DataLoader(tables[1], BATCH)
    return fit(head, head, train, validation, options.epochs)


def fit(logits, head, train, validation, epochs):
    """The best validation accuracy."""
    optimizer = torch.optim.SGD(head.parameters(), lr=0.001, momentum=0.9)
    best = 0.0
    for _ in range(epochs):
        for images, classes in train:
            optimizer.zero_grad()
            functional.cross_entropy(logits(images), classes).backward()
            optimizer.step()
        with torch.inference_mode():
            right = sum(int((logits(images).argmax(1) == classes).sum()) for images, classes in validation)
        best = max(best, right / len(validation.dataset))
    return best


if __name__ == "__main__":
    main()
