"""Small networks as Graft saves them: safetensors with the graph in the metadata, made without Graft."""

import json

import numpy as np
from safetensors.numpy import save_file


class Network:
    """A graph under construction, channels first. `add` returns the name of the node, which others take as input."""

    def __init__(self, seed, *shapes):
        self.random = np.random.default_rng(seed)
        self.nodes, self.tensors, self.inputs = [], {}, {}
        for number, shape in enumerate(shapes):
            name = f"image{number}" if number else "image"
            self.inputs[name] = self.random.standard_normal((2, *shape)).astype(np.float32)
            self.nodes.append(node("InputLayer", name, [], {"shape": list(shape)}, name))

    def add(self, kind, inputs=None, node_name=None, name=None, tensors=None, **options):
        """`tensors` are the parameters by role; a layer that two nodes share is added twice under one `name`."""
        inputs = [self.nodes[-1]["name"]] if inputs is None else inputs
        name = name or f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(node(kind, name, inputs, options, node_name or name))
        for role, shape in (tensors or {}).items():
            if f"{name}/{role}" not in self.tensors:
                self.tensors[f"{name}/{role}"] = self.numbers(role, shape)
        return self.nodes[-1]["name"]

    def numbers(self, role, shape):
        if role == "moving_variance":
            return self.random.uniform(0.5, 2, shape).astype(np.float32)
        return (self.random.standard_normal(shape) * 0.5).astype(np.float32)

    def save(self, path, outputs=None):
        graph = {"nodes": self.nodes, "outputs": outputs or [self.nodes[-1]["name"]]}
        save_file(self.tensors, path, {"format": "graft", "graft.graph": json.dumps(graph)})


def node(kind, name, inputs, options, node_name):
    return {"kind": kind, "name": node_name, "inputs": inputs, "layer": {"name": name, **options}}


def size(pair):
    height, width = pair if isinstance(pair, tuple) else (pair, pair)
    return {"height": height, "width": width}


def window(kernel, strides=1, padding="valid", dilation=1, rounding="down"):
    """`padding` is `valid`, `same`, or (top, bottom, left, right)."""
    if isinstance(padding, tuple):
        padding = {"explicit": dict(zip(("top", "bottom", "left", "right"), padding))}
    else:
        padding = {padding: {}}
    return {"size": size(kernel), "strides": size(strides), "padding": padding, "dilation": size(dilation),
            "rounding": rounding}


def convolve(network, channels, filters=4, kernel=3, groups=1, bias=True, activation="linear", inputs=None, name=None,
             node_name=None, **options):
    plan = window(kernel, **options)
    area = (plan["size"]["height"], plan["size"]["width"])
    tensors = {"kernel": (filters, channels // groups, *area)} | ({"bias": (filters,)} if bias else {})
    return network.add(
        "Conv2D", inputs, node_name, name, tensors, filters=filters, window=plan, groups=groups, usesBias=bias,
        activation=activation)


def convolve_depthwise(network, channels, kernel=3, multiplier=1, bias=True, activation="linear", **options):
    plan = window(kernel, **options)
    area = (plan["size"]["height"], plan["size"]["width"])
    tensors = {"depthwise_kernel": (channels * multiplier, 1, *area)}
    tensors |= {"bias": (channels * multiplier,)} if bias else {}
    return network.add(
        "DepthwiseConv2D", tensors=tensors, window=plan, multiplier=multiplier, usesBias=bias, activation=activation)


def convolve_separably(network, channels, filters=4, kernel=3, multiplier=1, bias=True, activation="linear", **options):
    plan = window(kernel, **options)
    area = (plan["size"]["height"], plan["size"]["width"])
    tensors = {"depthwise_kernel": (channels * multiplier, 1, *area),
               "pointwise_kernel": (filters, channels * multiplier, 1, 1)} | ({"bias": (filters,)} if bias else {})
    return network.add(
        "SeparableConv2D", tensors=tensors, filters=filters, window=plan, multiplier=multiplier, usesBias=bias,
        activation=activation)


def normalize(network, channels, scale=True, shift=True, epsilon=1e-3):
    roles = ["gamma"] * scale + ["beta"] * shift + ["moving_mean", "moving_variance"]
    return network.add(
        "BatchNormalization", tensors={role: (channels,) for role in roles}, epsilon=epsilon, momentum=0.99,
        usesScale=scale, usesShift=shift, movingVariance="biased")


def connect(network, count, units=5, activation="linear", bias=True):
    tensors = {"kernel": (units, count)} | ({"bias": (units,)} if bias else {})
    return network.add("Dense", tensors=tensors, units=units, usesBias=bias, activation=activation, startsSmall=False)


def activate(network, function, **options):
    return network.add("Activation", function={"function": function, **options} if options else function)
