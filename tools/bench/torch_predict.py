"""PyTorch, as a whole program: what one photograph shows, by a saved model."""

import json
import sys

import torch_networks

import torch
from PIL import Image

from torch_transfer import CLASSES, PLAIN

weights, photograph, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
model = torch_networks.network("resnet50", CLASSES).eval()
model.load_state_dict(torch.load(weights, weights_only=True))
with torch.inference_mode():
    image = PLAIN(Image.open(photograph).convert("RGB"))[None].to(memory_format=torch.channels_last)
    logits = model(image)
print(json.dumps({"class": int(logits.argmax())}))
