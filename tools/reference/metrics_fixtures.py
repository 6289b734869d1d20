"""Writes Tests/GraftLearningTests/Fixtures/reports.json: scikit-learn's metrics on random and on degenerate predictions.

What scikit-learn answers with NaN or with a warning is null. Run from anywhere:
.venv-reference/bin/python tools/reference/metrics_fixtures.py
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn import metrics
from sklearn.exceptions import UndefinedMetricWarning

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/reports.json"


def defined(compute, single_label=True):
    """The number, or None where scikit-learn warns, answers NaN or refuses.

    single_label says whether the number is defined where there is one class only, and nothing was taken for another.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = compute()
        except ValueError:
            return None
    # That y_pred has classes that y_true has not leaves balanced accuracy defined.
    if any(issubclass(warning.category, (UndefinedMetricWarning, RuntimeWarning))
           or (not single_label and "single label" in str(warning.message))
           or "No positive class" in str(warning.message)
           for warning in caught):
        return None
    return None if np.isnan(value) else float(value)


def averaged(truth, predicted, weights, labels=None):
    result = {}
    for average in ["micro", "macro", "weighted"]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = metrics.precision_recall_fscore_support(
                truth, predicted, average=average, sample_weight=weights, labels=labels)
        result[average] = [float(value) for value in values[:3]]
    return result


def calibration_error(truth, probabilities, weights, bins=15):
    """Guo et al., equation 3, straight from the paper: bins (lower, upper]."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    weights = np.ones(len(truth)) if weights is None else weights
    error = 0.0
    for index in range(bins):
        inside = (confidence > index / bins) & (confidence <= (index + 1) / bins)
        if index == 0:
            inside |= confidence == 0
        if weights[inside].sum() > 0:
            gap = np.average(right[inside], weights=weights[inside]) - np.average(
                confidence[inside], weights=weights[inside])
            error += weights[inside].sum() / weights.sum() * abs(gap)
    return float(error)


def classification(title, truth, probabilities, weights=None, top=2):
    truth = np.asarray(truth)
    probabilities = np.asarray(probabilities, dtype=np.float32).astype(np.float64)
    classes = probabilities.shape[1]
    labels = np.arange(classes)
    predicted = probabilities.argmax(1)
    onehot = np.eye(classes)[truth]
    kept = dict(sample_weight=weights)
    row_sums_off = np.abs(probabilities.sum(1) - 1).max()
    assert row_sums_off < 1e-6, row_sums_off
    by_class = []
    for label in labels:
        true, guess = truth == label, predicted == label
        by_class.append([
            defined(lambda: metrics.precision_score(true, guess, **kept)),
            defined(lambda: metrics.recall_score(true, guess, **kept)),
            defined(lambda: metrics.f1_score(true, guess, **kept))])
    areas = [defined(lambda: metrics.roc_auc_score(onehot[:, label], probabilities[:, label], **kept))
             for label in labels]
    precisions = [defined(lambda: metrics.average_precision_score(onehot[:, label], probabilities[:, label], **kept))
                  for label in labels]
    if classes == 2:
        area, precision = areas[1], precisions[1]
        weighted_area = None
        if area is not None:
            weighted_area = float(np.average(areas, weights=[
                np.sum((truth == label) * (1 if weights is None else weights)) for label in labels]))
    else:
        area = defined(lambda: metrics.roc_auc_score(
            truth, probabilities, multi_class="ovr", labels=labels, **kept)) if weights is None else (
            None if None in areas else float(np.mean(areas)))
        precision = None if None in precisions else float(metrics.average_precision_score(
            onehot, probabilities, average="macro", **kept))
        there = [label for label in labels if np.any((truth == label) & (True if weights is None else weights > 0))]
        weighted_area = None
        if all(areas[label] is not None for label in there):
            shares = [np.sum((truth == label) * (1 if weights is None else weights)) for label in there]
            weighted_area = float(np.average([areas[label] for label in there], weights=shares))
            if weights is None and None not in areas:
                official = metrics.roc_auc_score(truth, probabilities, multi_class="ovr", average="weighted")
                assert abs(official - weighted_area) < 1e-12
    # scikit-learn breaks ties in favour of the higher class; without ties it does not matter.
    ties = any(len(set(row)) < classes for row in probabilities)
    return dict(
        title=title, labels=truth.tolist(), classes=classes, probabilities=probabilities.ravel().tolist(),
        weights=None if weights is None else weights.tolist(), top=top,
        accuracy=defined(lambda: metrics.accuracy_score(truth, predicted, **kept)),
        topAccuracy=None if ties or classes <= top else float(metrics.top_k_accuracy_score(
            truth, probabilities, k=top, labels=labels, **kept)),
        balancedAccuracy=defined(lambda: metrics.balanced_accuracy_score(truth, predicted, **kept)),
        byClass=by_class, averages=averaged(truth, predicted, weights),
        confusion=metrics.confusion_matrix(truth, predicted, labels=labels, **kept).astype(float).tolist(),
        areas=areas, area=area, weightedArea=weighted_area, precisions=precisions, precision=precision,
        logLoss=defined(lambda: metrics.log_loss(truth, probabilities, labels=labels, **kept)),
        brier=defined(lambda: metrics.brier_score_loss(truth, probabilities, labels=labels, **kept)),
        kappa=defined(lambda: metrics.cohen_kappa_score(truth, predicted, **kept), single_label=False),
        matthews=defined(lambda: metrics.matthews_corrcoef(truth, predicted, **kept), single_label=False),
        calibrationError=calibration_error(truth, probabilities, weights))


def classification_cases():
    generator = np.random.default_rng(606)

    def draw(n, classes, sharpness=1.0, bias=0.0):
        truth = generator.integers(classes, size=n)
        logits = generator.normal(size=(n, classes)) * sharpness
        logits[np.arange(n), truth] += bias
        return truth, softmax(logits, axis=1)

    truth, probabilities = draw(60, 5, bias=1)
    never = probabilities.copy()
    never[:, 3] *= 1e-4
    never /= never.sum(1, keepdims=True)
    coarse = np.round(probabilities * 4) + 1e-3
    coarse /= coarse.sum(1, keepdims=True)
    two, two_probabilities = draw(40, 2, bias=1)
    weights = np.round(generator.uniform(0, 3, size=60), 3)
    weights[:5] = 0
    absent = np.where(truth == 2, 0, truth)
    right = np.eye(4)[[0, 1, 2, 3, 1, 2]] * 0.94 + 0.015
    return [
        classification("random", truth, probabilities),
        classification("random, weighted", truth, probabilities, weights),
        classification("two classes", two, two_probabilities),
        classification("two classes, weighted", two, two_probabilities, weights[:40]),
        classification("a class never predicted", truth, never),
        classification("a class that is not there", absent, probabilities),
        classification("neither there nor predicted", absent, np.insert(probabilities[:, [0, 1, 3, 4]] / probabilities[
            :, [0, 1, 3, 4]].sum(1, keepdims=True), 2, 0, axis=1)),
        classification("one class only, all right", [1] * 6, [[0.2, 0.5, 0.3]] * 6),
        classification("one class only, some wrong", [1] * 4, [[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]] * 2),
        classification("two classes, one there", [0] * 3, [[0.75, 0.25], [0.25, 0.75], [0.625, 0.375]]),
        classification("ties", truth, coarse),
        classification("all the same", [0, 1, 2, 1], [[0.25, 0.5, 0.25]] * 4),
        classification("a single sample, right", [2], [[0.125, 0.25, 0.625]]),
        classification("a single sample, wrong", [0], [[0.125, 0.25, 0.625]]),
        classification("perfect", [0, 1, 2, 3, 1, 2], right),
        classification("all wrong", [1, 2, 3, 0, 2, 3], right),
        classification("certain", [0, 1, 1], [[1, 0], [0, 1], [1, 0]]),
    ]


def multi_label(title, truths, probabilities, weights=None):
    truths, probabilities = np.asarray(truths, dtype=int), np.asarray(probabilities, dtype=np.float32).astype(float)
    predicted = (probabilities >= 0.5).astype(int)
    labels = truths.shape[1]
    kept = dict(sample_weight=weights)
    by_label = []
    for label in range(labels):
        true, guess = truths[:, label], predicted[:, label]
        by_label.append([
            defined(lambda: metrics.precision_score(true, guess, **kept)),
            defined(lambda: metrics.recall_score(true, guess, **kept)),
            defined(lambda: metrics.f1_score(true, guess, **kept))])
    areas = [defined(lambda: metrics.roc_auc_score(truths[:, label], probabilities[:, label], **kept))
             for label in range(labels)]
    precisions = [defined(lambda: metrics.average_precision_score(truths[:, label], probabilities[:, label], **kept))
                  for label in range(labels)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = metrics.precision_recall_fscore_support(truths, predicted, average="samples", **kept)[:3]
    return dict(
        title=title, labels=labels, truths=[bool(truth) for truth in truths.ravel()],
        probabilities=probabilities.ravel().tolist(), weights=None if weights is None else weights.tolist(),
        subsetAccuracy=float(metrics.accuracy_score(truths, predicted, **kept)),
        hammingLoss=float(metrics.hamming_loss(truths, predicted, **kept)), byLabel=by_label,
        averages=averaged(truths, predicted, weights), bySample=[float(value) for value in samples],
        areas=areas, area=defined(lambda: metrics.roc_auc_score(truths, probabilities, **kept)),
        microArea=defined(lambda: metrics.roc_auc_score(truths, probabilities, average="micro", **kept)),
        precisions=precisions, precision=defined(lambda: metrics.average_precision_score(truths, probabilities, **kept)),
        microPrecision=defined(lambda: metrics.average_precision_score(truths, probabilities, average="micro", **kept)),
        rankingPrecision=float(metrics.label_ranking_average_precision_score(truths, probabilities, **kept)))


def multi_label_cases():
    generator = np.random.default_rng(607)
    truths = generator.uniform(size=(40, 4)) < [0.5, 0.2, 0.8, 0.4]
    probabilities = np.clip(generator.uniform(size=(40, 4)) * 0.7 + truths * 0.3, 0, 1)
    weights = np.round(generator.uniform(0, 2, size=40), 3)
    weights[3] = 0
    never, always = truths.copy(), truths.copy()
    never[:, 1] = False
    always[:, 2] = True
    return [
        multi_label("random", truths, probabilities), multi_label("weighted", truths, probabilities, weights),
        multi_label("ties", truths, np.round(probabilities * 4) / 4),
        multi_label("a label that never holds", never, probabilities),
        multi_label("a label that always holds", always, probabilities),
        multi_label("nothing predicted", truths, probabilities * 0.4),
        multi_label("a single sample", [[1, 0, 1]], [[0.75, 0.25, 0.25]]),
        multi_label("perfect", truths, truths * 0.9),
        multi_label("all wrong", truths, 0.9 - truths * 0.9),
    ]


def regression(title, truths, predictions, weights=None):
    truths = np.asarray(truths, dtype=np.float32).astype(float)
    predictions = np.asarray(predictions, dtype=np.float32).astype(float)
    values = []
    for value in range(truths.shape[1]):
        true, guess = truths[:, value], predictions[:, value]
        kept = dict(sample_weight=weights)
        values.append([
            defined(lambda: metrics.mean_absolute_error(true, guess, **kept)),
            defined(lambda: metrics.root_mean_squared_error(true, guess, **kept)),
            defined(lambda: metrics.median_absolute_error(true, guess, **kept)),
            defined(lambda: metrics.r2_score(true, guess, **kept))])
    kept = dict(sample_weight=weights)
    mean = [
        defined(lambda: metrics.mean_absolute_error(truths, predictions, **kept)),
        defined(lambda: metrics.root_mean_squared_error(truths, predictions, **kept)),
        defined(lambda: metrics.median_absolute_error(truths, predictions, **kept)),
        defined(lambda: metrics.r2_score(truths, predictions, **kept))]
    return dict(title=title, values=truths.shape[1], truths=truths.ravel().tolist(),
                predictions=predictions.ravel().tolist(), weights=None if weights is None else weights.tolist(),
                byValue=values, mean=mean)


def regression_cases():
    generator = np.random.default_rng(608)
    truths = generator.normal(size=(31, 3)) * [1, 10, 0.1] + [0, 100, 5]
    predictions = truths + generator.normal(size=(31, 3)) * [0.5, 2, 0.3]
    weights = np.round(generator.uniform(0, 2, size=31), 3)
    weights[0] = 0
    return [
        regression("random", truths, predictions), regression("weighted", truths, predictions, weights),
        regression("an even number", truths[:30], predictions[:30]),
        regression("halves of the weight", [[1], [2], [3], [4]], [[2], [4], [6], [8]], np.array([1.0, 1.0, 1.0, 1.0])),
        regression("a truth that never changes", [[1, 1], [1, 2]], [[1, 1], [2, 2]]),
        regression("a truth that never changes, all right", [[1], [1]], [[1], [1]]),
        regression("a single sample", [[1, 2]], [[2, 2]]), regression("perfect", truths, truths),
        regression("worse than the mean", truths, -predictions),
    ]


def temperature_cases():
    generator = np.random.default_rng(609)
    cases = []
    for sharpness, weighted in [(0.5, False), (3.0, False), (10.0, True)]:
        truth = generator.integers(4, size=80)
        logits = generator.normal(size=(80, 4))
        logits[np.arange(80), truth] += 1
        logits = (logits * sharpness).astype(np.float32).astype(float)
        weights = np.round(generator.uniform(0, 2, size=80), 3) if weighted else np.ones(80)

        def loss(logarithm):
            return -np.average(log_softmax(logits / np.exp(logarithm), axis=1)[np.arange(80), truth], weights=weights)
        best = minimize_scalar(loss, bounds=(-4, 4), method="bounded", options=dict(xatol=1e-12))
        cases.append(dict(labels=truth.tolist(), logits=logits.ravel().tolist(), weights=weights.tolist(),
                          temperature=float(np.exp(best.x))))
    return cases


def main():
    OUTPUT.write_text(json.dumps(dict(
        sklearn=sklearn.__version__, classification=classification_cases(), multiLabel=multi_label_cases(),
        regression=regression_cases(), temperature=temperature_cases())) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
