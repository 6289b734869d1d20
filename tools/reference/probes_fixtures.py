"""Writes Tests/GraftLearningTests/Fixtures/probes.json: what features say about labels, computed the straightforward way.

Run from anywhere: .venv-reference/bin/python tools/reference/probes_fixtures.py
"""

import json
import pathlib

import numpy as np
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/probes.json"


def evidence(features, target):
    """You et al. (ICML 2021), equation 2, maximised by the paper's fixed point, with whole matrices instead of a decomposition."""
    n, d = features.shape
    alpha, beta = 1.0, 1.0
    for _ in range(1000):
        matrix = alpha * np.eye(d) + beta * features.T @ features
        weights = beta * np.linalg.solve(matrix, features.T @ target)
        gamma = np.sum(beta * np.linalg.eigvalsh(features.T @ features) / (
            alpha + beta * np.linalg.eigvalsh(features.T @ features)))
        before = alpha / beta
        alpha = gamma / (weights @ weights + 1e-5)
        beta = (n - gamma) / (np.sum((features @ weights - target) ** 2) + 1e-5)
        if abs(alpha / beta - before) / before < 1e-12:
            break
    matrix = alpha * np.eye(d) + beta * features.T @ features
    weights = beta * np.linalg.solve(matrix, features.T @ target)
    return (d / 2 * np.log(alpha) + n / 2 * np.log(beta) - n / 2 * np.log(2 * np.pi)
            - beta / 2 * np.sum((features @ weights - target) ** 2) - alpha / 2 * weights @ weights
            - np.linalg.slogdet(matrix)[1] / 2) / n


def separability(features, labels):
    """Traces of the scatter matrices, per sample."""
    mean = features.mean(0)
    between = sum(np.sum(labels == label) * np.sum((features[labels == label].mean(0) - mean) ** 2)
                  for label in np.unique(labels))
    within = sum(np.sum((features[labels == label] - features[labels == label].mean(0)) ** 2)
                 for label in np.unique(labels))
    return between / len(labels), within / len(labels)


def neighbours(features, labels, count):
    """Each sample by scikit-learn's classifier fitted to all others."""
    predictions = []
    for row in range(len(labels)):
        others = np.arange(len(labels)) != row
        model = KNeighborsClassifier(n_neighbors=count, metric="cosine", algorithm="brute")
        predictions.append(int(model.fit(features[others], labels[others]).predict(features[row:row + 1])[0]))
    return predictions


def shift(one, other, epsilon):
    """Divergence by numerical integration of its definition, and the Fréchet distance of Gaussians."""
    (m, v), (n, w) = one, other
    v, w = v + epsilon, w + epsilon
    x = np.linspace(-200, 200, 4_000_001)
    log_p = -(x - m) ** 2 / (2 * v) - np.log(2 * np.pi * v) / 2
    log_q = -(x - n) ** 2 / (2 * w) - np.log(2 * np.pi * w) / 2
    step = x[1] - x[0]
    divergence = (np.sum(np.exp(log_p) * (log_p - log_q)) + np.sum(np.exp(log_q) * (log_q - log_p))) * step / 2
    return divergence, ((m - n) ** 2 + v + w - 2 * np.sqrt(v * w)) / v


def case(title, seed, n, d, k, distance):
    generator = np.random.default_rng(seed)
    labels = np.arange(n) % k
    centres = generator.normal(size=(k, d)) * distance
    features = (centres[labels] + generator.normal(size=(n, d)) + 0.5).astype(np.float32).astype(float)
    values = (features @ generator.normal(size=d) + generator.normal(size=n)).astype(np.float32).astype(float)
    between, within = separability(features, labels)
    return dict(
        title=title, features=features.ravel().tolist(), width=d, labels=labels.tolist(), classes=k,
        values=values.tolist(),
        logME=float(np.mean([evidence(features, (labels == label).astype(float)) for label in range(k)])),
        logMEOfValues=float(evidence(features, values)), between=float(between), within=float(within),
        nearest=neighbours(features, labels, 1), prototypes=NearestCentroid().fit(features, labels).predict(
            features).tolist(), means=[features[labels == label].mean(0).tolist() for label in range(k)],
        variances=features.var(0).tolist())


def main():
    cases = [case("more samples", 31, 48, 6, 3, 1.0), case("more features", 32, 20, 30, 2, 0.5),
             case("nothing to see", 33, 40, 5, 4, 0.0)]
    shifts = []
    for one, other in [((0, 1), (0, 1)), ((1.5, 4), (-0.5, 2.25)), ((0, 0.5), (3, 0))]:
        divergence, distance = shift(one, other, 0.01)
        shifts.append(dict(stored=list(map(float, one)), observed=list(map(float, other)), epsilon=0.01,
                           divergence=float(divergence), distance=float(distance)))
    OUTPUT.write_text(json.dumps(dict(cases=cases, shifts=shifts)) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
