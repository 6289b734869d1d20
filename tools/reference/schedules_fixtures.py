"""Writes Tests/GraftLearningTests/Fixtures/schedules.json: torch.optim.lr_scheduler, step by step, with a base rate of 1.

Run from anywhere: .venv-reference/bin/python tools/reference/schedules_fixtures.py
"""

import json
import pathlib
import warnings

import numpy as np
import torch
from torch.optim import lr_scheduler as schedulers

OUTPUT = pathlib.Path(__file__).parents[2] / "Tests/GraftLearningTests/Fixtures/schedules.json"


def optimizer(momentum=0.9):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=momentum)


def rates(make, steps):
    """The rate before each of so many steps of the scheduler."""
    sgd = optimizer()
    scheduler = make(sgd)
    found, momenta = [], []
    for _ in range(steps):
        found.append(float(sgd.param_groups[0]["lr"]))
        momenta.append(float(sgd.param_groups[0]["momentum"]))
        sgd.step()
        scheduler.step()
    return found, momenta


def by_step(text, make, total, per_epoch, momenta=False):
    factors, cycled = rates(make, total)
    return dict(schedule=text, total=total, stepsPerEpoch=per_epoch, factors=factors, momenta=cycled if momenta else None)


def by_epoch(text, make, epochs, per_epoch):
    factors, _ = rates(make, epochs)
    return dict(schedule=text, total=epochs * per_epoch, stepsPerEpoch=per_epoch,
                factors=np.repeat(factors, per_epoch).tolist(), momenta=None)


def restarts(text, epochs, per_epoch, **settings):
    """Asked for fractions of epochs, as PyTorch's documentation shows."""
    sgd = optimizer()
    scheduler = schedulers.CosineAnnealingWarmRestarts(sgd, **settings)
    factors = []
    for step in range(epochs * per_epoch):
        scheduler.step(step // per_epoch + step % per_epoch / per_epoch)
        factors.append(float(sgd.param_groups[0]["lr"]))
    return dict(schedule=text, total=epochs * per_epoch, stepsPerEpoch=per_epoch, factors=factors, momenta=None)


def one_cycle(text, total, per_epoch, **settings):
    def make(sgd):
        return schedulers.OneCycleLR(sgd, max_lr=1.0, total_steps=total, **settings)
    return by_step(text, make, total, per_epoch, momenta=settings.get("cycle_momentum", True))


def warmed(text, make, warmup, start, total, per_epoch, epochwise=False):
    """`make` is given the optimizer; a scheduler for epochs is stepped at their ends, and so has a warm-up of whole epochs."""
    sgd = optimizer()
    factors = []
    rise = schedulers.LinearLR(sgd, start_factor=start, total_iters=warmup)
    if not epochwise:
        scheduler = schedulers.SequentialLR(sgd, [rise, make(sgd)], milestones=[warmup])
        for _ in range(total):
            factors.append(float(sgd.param_groups[0]["lr"]))
            sgd.step()
            scheduler.step()
    else:
        for _ in range(warmup):
            factors.append(float(sgd.param_groups[0]["lr"]))
            sgd.step()
            rise.step()
        after, _ = rates(make, (total - warmup) // per_epoch)
        factors += np.repeat(after, per_epoch).tolist()
    return dict(schedule=text, total=total, stepsPerEpoch=per_epoch, factors=factors, momenta=None)


def plateau(title, metrics, **settings):
    sgd = optimizer()
    scheduler = schedulers.ReduceLROnPlateau(sgd, **settings)
    factors = []
    for metric in metrics:
        scheduler.step(metric)
        factors.append(float(sgd.param_groups[0]["lr"]))
    return dict(
        title=title, metrics=[None if np.isnan(metric) else float(metric) for metric in metrics], goal=dict(
            min="lower", max="higher")[settings.get("mode", "min")],
        thresholdMode=dict(rel="relative", abs="absolute")[settings.get("threshold_mode", "rel")],
        reduction=settings.get("factor", 0.1), patience=settings.get("patience", 10),
        threshold=settings.get("threshold", 1e-4), cooldown=settings.get("cooldown", 0), floor=settings.get("min_lr", 0),
        factors=factors)


def main():
    warnings.filterwarnings("ignore", category=UserWarning)
    generator = np.random.default_rng(512)
    cases = [
        by_epoch("constant", lambda sgd: schedulers.ConstantLR(sgd, factor=1.0), 5, 3),
        by_epoch("step:every=3,factor=0.5", lambda sgd: schedulers.StepLR(sgd, 3, 0.5), 20, 4),
        by_epoch("step", lambda sgd: schedulers.StepLR(sgd, 10), 35, 2),
        by_epoch("multistep:at=2/3/11,factor=0.3", lambda sgd: schedulers.MultiStepLR(sgd, [2, 3, 11], 0.3), 15, 3),
        by_epoch("exponential:factor=0.9", lambda sgd: schedulers.ExponentialLR(sgd, 0.9), 30, 2),
        by_step("polynomial", lambda sgd: schedulers.PolynomialLR(sgd, 47, 1.0), 47, 5),
        by_step("polynomial:power=2.5", lambda sgd: schedulers.PolynomialLR(sgd, 60, 2.5), 60, 7),
        by_step("cosine", lambda sgd: schedulers.CosineAnnealingLR(sgd, 50), 50, 5),
        by_step("cosine:floor=0.1", lambda sgd: schedulers.CosineAnnealingLR(sgd, 77, eta_min=0.1), 77, 9),
        restarts("restarts:period=4", 13, 5, T_0=4),
        restarts("restarts:period=2,growth=3,floor=0.05", 30, 7, T_0=2, T_mult=3, eta_min=0.05),
        restarts("restarts:period=1,growth=2", 40, 3, T_0=1, T_mult=2),
        one_cycle("onecycle:cycle-momentum", 100, 10),
        one_cycle("onecycle:rise=0.25,div=10,final-div=100,linear,cycle-momentum,low-momentum=0.8,high-momentum=0.9", 61, 8,
                  pct_start=0.25, div_factor=10, final_div_factor=100, anneal_strategy="linear", base_momentum=0.8,
                  max_momentum=0.9),
        one_cycle("onecycle:rise=0.4", 7, 7, pct_start=0.4, cycle_momentum=False),
        warmed("cosine:warmup=2,warmup-from=0.1", lambda sgd: schedulers.CosineAnnealingLR(sgd, 40), 10, 0.1, 50, 5),
        warmed("polynomial:power=2,warmup=0.5", lambda sgd: schedulers.PolynomialLR(sgd, 37, 2.0), 3, 0.01, 40, 6),
        warmed("step:every=2,factor=0.5,warmup=3", lambda sgd: schedulers.StepLR(sgd, 2, 0.5), 12, 0.01, 44, 4, True),
        warmed("multistep:at=3/5,factor=0.1,warmup=1,warmup-from=0.3",
               lambda sgd: schedulers.MultiStepLR(sgd, [3, 5], 0.1), 4, 0.3, 40, 4, True),
        warmed("constant:warmup=2,warmup-from=0", lambda sgd: schedulers.ConstantLR(sgd, factor=1.0), 6, 1e-300, 15, 3),
    ]
    falling = np.exp(-np.arange(40) / 5) + generator.normal(size=40) * 0.01
    rising = 1 - falling / 2
    broken = falling.copy()
    broken[[0, 7, 8]] = np.nan
    plateaus = [
        plateau("a loss", falling, factor=0.5, patience=3),
        plateau("PyTorch's defaults on a constant loss", [1.0] * 40),
        plateau("an accuracy, with a cooldown", rising, mode="max", factor=0.3, patience=2, cooldown=3, threshold=0.01),
        plateau("absolute threshold and a floor", falling, factor=0.1, patience=1, threshold=0.05, threshold_mode="abs",
                min_lr=0.02),
        plateau("an accuracy, absolute threshold", rising, mode="max", patience=0, factor=0.8, threshold=0.02,
                threshold_mode="abs"),
        plateau("a loss that is sometimes no number", broken, factor=0.5, patience=2),
        plateau("a negative loss", falling - 5, factor=0.5, patience=1, threshold=0.001),
        plateau("steps too small to matter", [1.0] * 30, factor=0.01, patience=0),
    ]
    OUTPUT.write_text(json.dumps(dict(torch=torch.__version__, cases=cases, plateaus=plateaus)) + "\n")
    print(OUTPUT.name, OUTPUT.stat().st_size, "bytes")


main()
