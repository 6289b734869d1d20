"""Writes Tests/GraftLearningTests/Fixtures/solvers.json: scikit-learn's linear models on small data of every kind.

Run from anywhere: .venv-reference/bin/python tools/reference/solvers_fixtures.py
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/solvers.json"
warnings.filterwarnings("ignore", category=RuntimeWarning)


def numbers(array, digits=9):
    """Lists with as many digits as a test can tell apart."""
    return [float(f"{value:.{digits}g}") for value in np.asarray(array, dtype=float).ravel()]


def data(seed, n, d, k, distance, scales=None):
    generator = np.random.default_rng(seed)
    labels = np.arange(n) % k
    centres = generator.normal(size=(k, d)) * distance
    features = centres[labels] + generator.normal(size=(n, d)) + generator.normal(size=d)
    if scales is not None:
        features = features * scales
    order = generator.permutation(n)
    return features[order].astype(np.float32), labels[order]


def tight(strength, class_weight=None):
    return LogisticRegression(C=strength, tol=1e-13, max_iter=200_000, class_weight=class_weight)


def fitted(features, labels, strength, class_weight=None, weights=None):
    """Coefficients of the solver lbfgs, held against those of Newton's method."""
    features = features.astype(np.float64)
    model = tight(strength, class_weight).fit(features, labels, sample_weight=weights)
    newton = LogisticRegression(
        C=strength, tol=1e-12, max_iter=1000, class_weight=class_weight, solver="newton-cholesky")
    newton.fit(features, labels, sample_weight=weights)
    size = max(1.0, np.abs(newton.coef_).max())
    if not np.allclose(model.coef_, newton.coef_, rtol=0, atol=1e-4 * size):
        # Where features are badly scaled, lbfgs stops before its tolerance.
        print("  lbfgs is off by", np.abs(model.coef_ - newton.coef_).max(), "- taking Newton's")
    return newton


def logistic_cases():
    scales = np.array([1e-3, 1e-2, 1, 10, 1e3, 30])
    rare = data(8, 60, 6, 3, 0.7)
    keep = (rare[1] != 2) | (np.arange(60) % 5 == 0)
    rare = (rare[0][keep], rare[1][keep])
    gaps = data(9, 45, 5, 3, 0.7)
    constant = data(10, 40, 4, 3, 0.7)
    constant[0][:, 1] = 7.25
    recipes = [
        ("random", data(1, 60, 8, 4, 0.5), dict(strength=1)),
        ("random, loosely fitted", data(1, 60, 8, 4, 0.5), dict(strength=1e-3)),
        ("nearly separable", data(2, 50, 5, 3, 2.0), dict(strength=100)),
        ("separable, closely fitted", data(3, 50, 5, 3, 4.0), dict(strength=1e4)),
        ("badly scaled", data(4, 80, 6, 3, 0.7, scales), dict(strength=1)),
        ("two classes", data(5, 40, 6, 2, 0.5), dict(strength=0.5)),
        ("two classes, separable", data(6, 40, 6, 2, 3.0), dict(strength=100)),
        ("more features than rows", data(7, 18, 40, 3, 0.5), dict(strength=1)),
        ("more features than rows, two classes", data(7, 18, 40, 2, 0.5), dict(strength=10)),
        ("rare class, balanced", rare, dict(strength=1, balanced=True)),
        ("rare class, class weights given", rare, dict(strength=1, classWeights=[1.0, 0.25, 5.0])),
        ("sample weights", data(1, 60, 8, 4, 0.5), dict(strength=1, weighted=True)),
        ("sample weights and balanced", rare, dict(strength=2, weighted=True, balanced=True)),
        ("two classes, balanced and weighted", data(5, 40, 6, 2, 0.5), dict(strength=2, weighted=True, balanced=True)),
        ("classes without examples", (gaps[0], gaps[1] * 2), dict(strength=1, classes=6)),
        ("standardised, badly scaled", data(4, 80, 6, 3, 0.7, scales), dict(strength=1, standardizes=True)),
        ("standardised, one feature constant", constant, dict(strength=1, standardizes=True)),
    ]
    cases = []
    for title, (features, labels), recipe in recipes:
        n = len(labels)
        weights = np.random.default_rng(n).uniform(0, 2, size=n).round(3) if recipe.get("weighted") else None
        if weights is not None:
            weights[0] = 0
        class_weight = None
        if recipe.get("balanced"):
            class_weight = "balanced"
        elif "classWeights" in recipe:
            class_weight = dict(enumerate(recipe["classWeights"]))
        used, scale, mean = features, np.ones(features.shape[1]), np.zeros(features.shape[1])
        if recipe.get("standardizes"):
            scaler = StandardScaler().fit(features.astype(np.float64), sample_weight=weights)
            used, scale, mean = scaler.transform(features.astype(np.float64)), scaler.scale_, scaler.mean_
        print(title)
        model = fitted(used, labels, recipe["strength"], class_weight, weights)
        kernel = model.coef_ / scale
        cases.append(dict(
            title=title, features=numbers(features), width=features.shape[1], labels=labels.tolist(),
            classes=recipe.get("classes", int(labels.max()) + 1), strength=recipe["strength"],
            balanced=recipe.get("balanced", False), classWeights=recipe.get("classWeights"),
            sampleWeights=None if weights is None else weights.tolist(),
            standardizes=recipe.get("standardizes", False), present=model.classes_.tolist(), kernel=numbers(kernel),
            bias=numbers(model.intercept_ - kernel @ mean), probabilities=numbers(model.predict_proba(used))))
    return cases


def label_case():
    features, _ = data(11, 60, 6, 3, 0.6)
    generator = np.random.default_rng(12)
    truths = (features @ generator.normal(size=(6, 4)) + generator.normal(size=(60, 4)) > [0, 1, -1, 3]).astype(int)
    kernel, bias = [], []
    for label in range(4):
        model = fitted(features, truths[:, label], 0.7)
        kernel.append(model.coef_[0])
        bias.append(model.intercept_[0])
    return dict(features=numbers(features), width=6, truths=[bool(truth) for truth in truths.ravel()], labels=4,
                strength=0.7, kernel=numbers(kernel), bias=numbers(bias))


def cross_validation(seed, classes):
    features, labels = data(seed, 66, 7, classes, 0.6)
    folds = np.random.default_rng(seed).permutation(66) % 5
    candidates = []
    for strength in [1e-3, 1e-2, 0.1, 1, 10, 100]:
        losses, accuracies = [], []
        for fold in range(5):
            train, held = folds != fold, folds == fold
            model = fitted(features[train], labels[train], strength)
            probabilities = model.predict_proba(features[held].astype(np.float64))
            losses.append(log_loss(labels[held], probabilities, labels=np.arange(classes)))
            accuracies.append(float((probabilities.argmax(1) == labels[held]).mean()))
        candidates.append(dict(strength=strength, logLoss=numbers(losses), accuracy=numbers(accuracies)))
    best = min(candidates, key=lambda candidate: np.mean(candidate["logLoss"]))["strength"]
    final = fitted(features, labels, best)
    return dict(features=numbers(features), width=7, labels=labels.tolist(), classes=classes, folds=folds.tolist(),
                candidates=candidates, best=best, kernel=numbers(final.coef_), bias=numbers(final.intercept_))


def ridge_cases():
    cases = []
    for title, n, d, outputs, alpha, weighted, standardizes in [
        ("one value", 40, 6, 1, 1.0, False, False), ("three values", 40, 6, 3, 0.1, False, False),
        ("weighted", 40, 6, 2, 2.0, True, False), ("more features than rows", 15, 40, 2, 0.5, False, False),
        ("more features than rows, weighted", 15, 40, 1, 5.0, True, False),
        ("standardised", 40, 6, 2, 3.0, False, True),
    ]:
        generator = np.random.default_rng(n + d + outputs)
        features = (generator.normal(size=(n, d)) * generator.uniform(0.1, 5, size=d) + 2).astype(np.float32)
        values = (features[:, :3] @ generator.normal(size=(3, outputs)) + generator.normal(size=(n, outputs)) + 4)
        values = values.astype(np.float32)
        weights = generator.uniform(0, 2, size=n).round(3) if weighted else None
        x = features.astype(np.float64)
        scale, mean = np.ones(d), np.zeros(d)
        if standardizes:
            scaler = StandardScaler().fit(x)
            x, scale, mean = scaler.transform(x), scaler.scale_, scaler.mean_
        model = Ridge(alpha=alpha, solver="svd" if weights is None else "auto", tol=1e-12)
        model.fit(x, values.astype(np.float64), sample_weight=weights)
        kernel = np.atleast_2d(model.coef_) / scale
        folds = generator.permutation(n) % 4
        errors = []
        for candidate in [0.01, 1.0, 100.0]:
            errors.append([])
            for fold in range(4):
                train, held = folds != fold, folds == fold
                part = Ridge(alpha=candidate).fit(
                    x[train], values[train].astype(np.float64), sample_weight=None if weights is None else weights[train])
                squares = (part.predict(x[held]).reshape(-1, outputs) - values[held]) ** 2
                errors[-1].append(float(np.average(
                    squares.mean(1), weights=None if weights is None else weights[held])))
        cases.append(dict(
            title=title, features=numbers(features), width=d, values=numbers(values), outputs=outputs, alpha=alpha,
            sampleWeights=None if weights is None else weights.tolist(), standardizes=standardizes,
            kernel=numbers(kernel), bias=numbers(np.atleast_1d(model.intercept_) - kernel @ mean),
            folds=folds.tolist(), candidates=[0.01, 1.0, 100.0], errors=[numbers(row) for row in errors]))
    return cases


def main():
    OUTPUT.write_text(json.dumps(dict(
        sklearn=sklearn.__version__, logistic=logistic_cases(), labels=label_case(),
        crossValidation=[cross_validation(21, 4), cross_validation(22, 2)], ridge=ridge_cases())) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
