"""Networks of one layer or a few, for every kind of layer that Graft has and every option that changes an exported file."""

from dataclasses import dataclass
from typing import Callable

from export_conformance_graph import (
    Network, activate, connect, convolve, convolve_depthwise, convolve_separably, normalize, size, window)

FUNCTIONS = [
    "linear", "relu", "relu6", "selu", "gelu", "gelu_tanh", "sigmoid", "tanh", "softplus", "softsign", "silu",
    "hard_silu", "exponential", "softmax", "log_softmax", "mish", "log_sigmoid", "tanh_shrink", "abs", "square",
    ("relu", {"maxValue": 0.8, "negativeSlope": 0.1, "threshold": 0.2}), ("relu", {"negativeSlope": 0.25, "threshold": 0.5}),
    ("leaky_relu", {"slope": 0.3}), ("elu", {"alpha": 1}), ("elu", {"alpha": 0.7}), ("hard_sigmoid", {"slope": 0.2, "offset": 0.5}),
    ("hard_sigmoid", {"slope": 1 / 6, "offset": 0.5}), ("thresholded_relu", {"theta": 0.6}), ("clip", {"min": 0, "max": 0.7}),
    ("clip", {"min": -0.4, "max": 0.7}), ("clip", {"min": 0.2, "max": 0.7}), ("clip", {"min": -1.5, "max": -0.2}),
    ("clip", {"min": -0.5, "max": 3.4e38}), ("celu", {"alpha": 0.6}), ("hard_shrink", {"lambda": 0.5}),
    ("soft_shrink", {"lambda": 0.5}), ("power", {"exponent": 3}),
]
# Of numbers from zero on.
ROOTS = ["sqrt", "log", ("power", {"exponent": 0.5})]


@dataclass(frozen=True)
class Case:
    title: str
    build: Callable
    shapes: tuple = ((4, 7, 6),)
    # The formats that have no form for it.
    refused: frozenset = frozenset()

    def network(self, seed):
        network = Network(seed, *self.shapes)
        self.build(network)
        return network


def functions():
    for function in FUNCTIONS:
        name, options = (function, {}) if isinstance(function, str) else function
        refused = frozenset({"keras"}) if name == "log_softmax" else frozenset()
        title = f"Activation {name} {' '.join(f'{key} {value:.3g}' for key, value in options.items())}".strip()
        yield Case(title, lambda network, n=name, o=options: activate(network, n, **o), refused=refused)
        if name in ("relu6", "softmax", "leaky_relu", "gelu_tanh"):
            fused = {"function": name, **options} if options else name
            yield Case(f"Conv2D with {name}", lambda network, f=fused: convolve(network, 4, activation=f))
    for function in ROOTS:
        name, options = (function, {}) if isinstance(function, str) else function

        def root(network, name=name, options=options):
            activate(network, "softplus")
            activate(network, name, **options)
        yield Case(f"Activation {name}", root, refused=frozenset({"keras"}))
    yield Case("Dense with softmax", lambda network: connect(network, 6, activation="softmax"), ((6,),))
    yield Case("Dense with hard_silu", lambda network: connect(network, 6, activation="hard_silu"), ((6,),))


def convolutions():
    plans = {
        "valid": {}, "same": {"padding": "same"}, "same, stride 2": {"padding": "same", "strides": 2},
        "same, stride (2, 3), kernel (2, 5)": {"padding": "same", "strides": (2, 3), "kernel": (2, 5)},
        "1 around": {"padding": (1, 1, 1, 1)}, "1 around, stride 2": {"padding": (1, 1, 1, 1), "strides": 2},
        "0, 1, 2, 3 around, stride (2, 1)": {"padding": (0, 1, 2, 3), "strides": (2, 1)},
        "dilated 2": {"dilation": 2}, "dilated 2, same": {"dilation": 2, "padding": "same"},
        "dilated (2, 1), same, stride 2": {"dilation": (2, 1), "padding": "same", "strides": 2},
        "dilated 2, 2 around, stride 2": {"dilation": 2, "padding": (2, 2, 2, 2), "strides": 2},
        "without bias": {"bias": False},
    }
    for title, plan in plans.items():
        yield Case(f"Conv2D, {title}", lambda network, p=plan: convolve(network, 4, **p))
        yield Case(f"DepthwiseConv2D, {title}", lambda network, p=plan: convolve_depthwise(network, 4, **p))
        yield Case(f"SeparableConv2D, {title}", lambda network, p=plan: convolve_separably(network, 4, **p))
    yield Case("Conv2D, 2 groups", lambda network: convolve(network, 4, filters=6, groups=2))
    yield Case("DepthwiseConv2D, multiplier 3", lambda network: convolve_depthwise(network, 4, multiplier=3, activation="relu"))
    yield Case("SeparableConv2D, multiplier 3", lambda network: convolve_separably(network, 4, multiplier=3, activation="relu6"))
    yield Case("Dense", lambda network: connect(network, 6), ((6,),))
    yield Case("Dense without bias", lambda network: connect(network, 6, bias=False), ((6,),))


def poolings():
    plans = {
        "2": {"kernel": 2, "strides": 2}, "3, stride 2": {"kernel": 3, "strides": 2}, "3, stride 2, same": {"kernel": 3, "strides": 2, "padding": "same"},
        "3, stride 2, 1 around": {"kernel": 3, "strides": 2, "padding": (1, 1, 1, 1)},
        "3, stride 1, 1 around": {"kernel": 3, "padding": (1, 1, 1, 1)},
        "2, stride 2, rounded up": {"kernel": 2, "strides": 2, "rounding": "up"},
        "3, stride 2, rounded up": {"kernel": 3, "strides": 2, "rounding": "up"},
        "3, stride 2, 1 around, rounded up": {"kernel": 3, "strides": 2, "padding": (1, 1, 1, 1), "rounding": "up"},
        "5, stride (3, 2), 0, 1, 2, 0 around": {"kernel": 5, "strides": (3, 2), "padding": (0, 1, 2, 0)},
    }
    for title, plan in plans.items():
        for shape in ((4, 7, 6), (4, 8, 9)):
            at = f"{title} on {shape[1]}×{shape[2]}"
            # Zeros would win or count, and the last window's middle lies outside.
            refused = frozenset({"keras"}) if "1 around, rounded up" in title else frozenset()
            yield Case(f"MaxPooling2D, {at}", lambda network, p=plan: network.add("MaxPooling2D", window=window(**p)), (shape,), refused)
            yield Case(f"MaxPooling2D after ReLU, {at}", lambda network, p=plan: (
                activate(network, "relu"), network.add("MaxPooling2D", window=window(**p))), (shape,))
            for counts in (False, True):
                yield Case(
                    f"AveragePooling2D, {at}" + (", padding counts" if counts else ""),
                    lambda network, p=plan, c=counts: network.add("AveragePooling2D", window=window(**p), countsPadding=c),
                    (shape,), frozenset() if counts else refused)
    even = window(2, strides=2, padding=(1, 1, 1, 1))
    yield Case("MaxPooling2D, 2, stride 2, 1 around", lambda network: network.add("MaxPooling2D", window=even), refused=frozenset({"keras"}))
    dilated = window(2, dilation=2)
    yield Case("MaxPooling2D, dilated", lambda network: network.add("MaxPooling2D", window=dilated), refused=frozenset({"keras"}))
    yield Case("AveragePooling2D, dilated", lambda network: network.add("AveragePooling2D", window=dilated, countsPadding=False),
               refused=frozenset({"keras", "onnx"}))
    for kind in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        for keeps in (False, True):
            yield Case(f"{kind}{', as a map' if keeps else ''}", lambda network, k=kind, d=keeps: network.add(k, keepsDimensions=d))


def normalizations():
    for scale in (True, False):
        for shift in (True, False):
            yield Case(f"BatchNormalization, scale {scale}, shift {shift}", lambda network, s=scale, c=shift: normalize(network, 4, s, c))
    yield Case("BatchNormalization, epsilon 1e-5", lambda network: normalize(network, 4, epsilon=1e-5))
    yield Case("BatchNormalization of a vector", lambda network: normalize(network, 6), ((6,),))
    yield Case("LocalResponseNormalization", lambda network: network.add(
        "LocalResponseNormalization", size=3, alpha=0.1, beta=0.75, bias=1.5), refused=frozenset({"keras"}))
    yield Case("UnitNormalization", lambda network: network.add("UnitNormalization"))
    yield Case("UnitNormalization of a vector", lambda network: network.add("UnitNormalization"), ((6,),))
    yield Case("UnitDense", lambda network: network.add(
        "UnitDense", units=3, scale=10, tensors={"kernel": (3, 6)}), ((6,),))
    yield Case("a cosine head", lambda network: (
        network.add("GlobalAveragePooling2D", keepsDimensions=False), network.add("UnitNormalization"),
        network.add("UnitDense", units=3, scale=10, tensors={"kernel": (3, 4)}), activate(network, "softmax")))
    yield Case("a head for values", lambda network: (
        network.add("GlobalAveragePooling2D", keepsDimensions=False),
        network.add("Normalization", mean=[0.1, 0.2, 0.3, -1], variance=[1, 2, 0.5, 0.25]), connect(network, 4, units=2),
        network.add("Normalization", mean=[-20.0, 3.0], variance=[0.01, 4.0])))
    yield Case("Rescaling", lambda network: network.add("Rescaling", scale=0.25, offset=-0.5))
    yield Case("Normalization", lambda network: network.add("Normalization", mean=[0.1, 0.2, 0.3, -1], variance=[1, 2, 0.5, 0.25]))
    yield Case("Normalization of a vector", lambda network: network.add("Normalization", mean=[0.1, 0.2], variance=[1, 2]), ((2,),))
    yield Case("Dropout", lambda network: network.add("Dropout", rate=0.4))
    yield Case("SpatialDropout2D", lambda network: network.add("SpatialDropout2D", rate=0.4))
    for axes in ([], ["channels"], ["height", "width"], ["channels", "height", "width"]):
        shape = [1 if axis in axes else count for axis, count in zip(("channels", "height", "width"), (4, 7, 6))]
        yield Case(f"PReLU, shared along {axes}", lambda network, a=axes, s=shape: network.add(
            "PReLU", sharedAxes=a, tensors={"alpha": s}))
    yield Case("PReLU of a vector", lambda network: network.add("PReLU", sharedAxes=[], tensors={"alpha": (6,)}), ((6,),))


def arithmetic():
    pair = ((4, 7, 6), (4, 7, 6))
    for kind in ("Add", "Subtract", "Multiply", "Maximum", "Minimum", "Average", "Divide"):
        refused = frozenset({"keras"}) if kind == "Divide" else frozenset()
        for title, shapes in {"": pair, " with a vector": ((4, 7, 6), (4,)), ", vector first": ((4,), (4, 7, 6)),
                              ", broadcast": ((4, 1, 6), (1, 7, 6))}.items():
            yield Case(f"{kind}{title}", lambda network, k=kind: network.add(k, ["image", "image1"]), shapes, refused)
        if kind not in ("Subtract", "Divide"):
            yield Case(f"{kind} of three", lambda network, k=kind: network.add(k, ["image", "image1", "image2"]), (*pair, (4, 7, 6)))
        refused = frozenset() if kind in ("Add", "Subtract", "Multiply", "Divide") else frozenset({"keras"})
        for shape in ((1, 1, 1), (4, 1, 1), (4,)):
            def constant(network, kind=kind, shape=shape, reverse=False):
                network.add("Constant", [], name="constant", tensors={"value": shape}, shape=list(shape))
                network.add(kind, ["constant", "image"] if reverse else ["image", "constant"])
            yield Case(f"{kind} with a constant {shape}", constant, refused=refused)
            if kind in ("Subtract", "Divide"):
                yield Case(f"{kind} from a constant {shape}", lambda network, c=constant: c(network, reverse=True),
                           refused=frozenset({"keras"}) if kind == "Divide" else refused)

    def full_constant(network):
        network.add("Constant", [], name="constant", tensors={"value": (4, 7, 6)}, shape=[4, 7, 6])
        network.add("Add", ["image", "constant"])
    yield Case("Add with a constant for each element", full_constant, refused=frozenset({"keras"}))
    for operation in ("mean", "sum", "max", "min"):
        for axes in ([1, 2], [0], [1], [0, 2], [0, 1, 2]):
            for keeps in (True, False):
                if keeps or len(axes) < 3:
                    yield Case(f"Reduction {operation} along {axes}{', kept' if keeps else ''}",
                               lambda network, o=operation, a=axes, k=keeps: network.add(
                                   "Reduction", operation=o, axes=a, keepsDimensions=k))


def shapes():
    for order in ("channelsFirst", "channelsLast"):
        yield Case(f"Flatten {order}", lambda network, o=order: network.add("Flatten", order=o))
        for target in ([42, 2, 2], [12, 14], [168], [2, 3, 4, 7]):
            yield Case(f"Reshape {order} to {target}", lambda network, o=order, t=target: network.add("Reshape", shape=t, order=o))
    for axes in ([0, 2, 1], [2, 0, 1], [1, 2, 0], [2, 1, 0]):
        yield Case(f"Permute {axes}", lambda network, a=axes: network.add("Permute", axes=a))
    for axis in range(3):
        second = [4, 7, 6]
        second[axis] = 3
        yield Case(f"Concatenate along {axis}", lambda network, a=axis: network.add("Concatenate", ["image", "image1"], axis=a),
                   ((4, 7, 6), tuple(second)))
        yield Case(f"Slice of {axis}", lambda network, a=axis: network.add("Slice", axis=a, begin=1, end=4, step=1))
        yield Case(f"Slice of {axis} by 2", lambda network, a=axis: network.add("Slice", axis=a, begin=0, end=4, step=2))
    yield Case("Slice of a vector", lambda network: network.add("Slice", axis=0, begin=1, end=6, step=2), ((7,),))
    yield Case("Concatenate vectors", lambda network: network.add("Concatenate", ["image", "image1"], axis=0), ((4,), (3,)))
    yield Case("ZeroPadding2D", lambda network: network.add("ZeroPadding2D", top=1, bottom=2, left=3, right=0))
    yield Case("Cropping2D", lambda network: network.add("Cropping2D", top=1, bottom=2, left=0, right=3))
    yield Case("ChannelPadding", lambda network: network.add("ChannelPadding", before=1, after=3))
    yield Case("StridedSlice2D", lambda network: network.add("StridedSlice2D", strides=size((2, 3))))
    for mode, refused in (({"constant": {"_0": 0}}, False), ({"constant": {"_0": 1.5}}, False), ({"reflect": {}}, True), ({"edge": {}}, True)):
        yield Case(f"Pad {next(iter(mode))} {mode.get('constant', {}).get('_0', '')}".strip(), lambda network, m=mode: network.add(
            "Pad", before=[1, 0, 2], after=[0, 2, 1], mode=m), refused=frozenset({"keras"}) if refused else frozenset())


def scalings():
    for interpolation in ("nearest", "bilinear"):
        yield Case(f"UpSampling2D {interpolation}", lambda network, i=interpolation: network.add(
            "UpSampling2D", factors=size((2, 3)), interpolation=i))
    targets = {"to 14×12": {"size": {"_0": size((14, 12))}}, "to 5×9": {"size": {"_0": size((5, 9))}},
               "by 2, 3": {"factors": {"height": 2, "width": 3}}}
    for title, target in targets.items():
        for coordinates in ("halfPixel", "pytorchHalfPixel", "asymmetric", "alignCorners"):
            for rounding in ("halfDown", "halfUp", "down", "up", None):
                interpolation = {"nearest": {"_0": rounding}} if rounding else {"linear": {}}
                # Keras resizes between centres only; whatever else it may do alike is compared if it is not refused.
                certain = rounding is None and coordinates in ("halfPixel", "pytorchHalfPixel")
                yield Case(f"Resize {title}, {coordinates}, {rounding or 'linear'}",
                           lambda network, t=target, i=interpolation, c=coordinates: network.add(
                               "Resize", target=t, interpolation=i, coordinates=c),
                           refused=frozenset() if certain else frozenset({"keras?"}))


def graphs():
    def shared(network):
        first = convolve(network, 4, padding=(1, 1, 1, 1), inputs=["image"], name="twice", node_name="once", activation="relu")
        second = convolve(network, 4, padding=(1, 1, 1, 1), inputs=[first], name="twice", node_name="again", activation="relu")
        network.add("Add", [first, second])
    yield Case("a layer that two nodes share", shared)

    def odd_names(network):
        convolve(network, 4, name="/features/conv:0 a")
        convolve(network, 4, name="features_conv_0_a")
        activate(network, "hard_silu")
    yield Case("names that Keras does not allow", odd_names)

    def unused(network):
        convolve(network, 4, name="side")
        convolve(network, 4, inputs=["image"], name="main")
    yield Case("a layer that leads nowhere", unused)

    def branches(network):
        # Of different depths, so that Keras's order of layers is not the graph's.
        long = convolve(network, 4, padding="same", inputs=["image"], name="a")
        short = convolve(network, 4, padding="same", inputs=["image"], name="b")
        long = convolve(network, 4, padding="same", inputs=[long], name="c")
        long = convolve(network, 4, padding="same", inputs=[long], name="d")
        network.add("Add", [short, long])
        normalize(network, 4)
    yield Case("branches of different depths", branches)


CASES = [*functions(), *convolutions(), *poolings(), *normalizations(), *arithmetic(), *shapes(), *scalings(), *graphs()]
