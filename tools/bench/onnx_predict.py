"""ONNX Runtime, as a whole program: what one photograph shows, by a network in a file."""

import json
import sys

import numpy as np
from PIL import Image

from onnx_steps import session

path, photograph, threads = sys.argv[1:]
runtime = session(path, int(threads))
image = np.asarray(Image.open(photograph).convert("RGB").resize((224, 224)), np.float32)
image = image - np.array([123.68, 116.779, 103.939], np.float32)
logits = runtime.run(None, {"images": np.ascontiguousarray(image.transpose(2, 0, 1)[None])})[0]
print(json.dumps({"class": int(logits.argmax())}))
