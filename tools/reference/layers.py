"""Writes the engine's golden numbers: one safetensors file a layer family.

    .venv-reference/bin/python tools/reference/layers.py [FOLDER]

FOLDER is Tests/GraftEngineTests/Fixtures unless given. The same packages write the same bytes again.
"""

import sys
from pathlib import Path

import layers_activation
import layers_arithmetic
import layers_axes
import layers_convolution
import layers_dense
import layers_normalization
import layers_pooling
import layers_resize
import layers_scaling
import layers_separable
import layers_shape
from layers_fixture import FIXTURES

MODULES = (
    layers_convolution, layers_separable, layers_dense, layers_activation, layers_normalization, layers_pooling,
    layers_arithmetic, layers_shape, layers_axes, layers_scaling, layers_resize)
LARGEST_TOTAL = 1_300_000


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for module in MODULES:
        for family in module.families():
            total += family.write(folder)
    print(f"{total:,} bytes in all")
    if total > LARGEST_TOTAL:
        sys.exit(f"The fixtures take {total:,} bytes; keep them below {LARGEST_TOTAL:,}: choose smaller shapes.")


if __name__ == "__main__":
    main()
