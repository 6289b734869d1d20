"""Keras, as a whole program: what one photograph shows, by a saved model."""

import json
import sys

import keras_networks as networks

import keras
import numpy as np

model_path, photograph, threads = sys.argv[1:]
networks.prepare(int(threads), "fp32")
model = keras.models.load_model(model_path, compile=False)
image = keras.utils.img_to_array(keras.utils.load_img(photograph, target_size=(224, 224)))
logits = model(keras.applications.resnet50.preprocess_input(image[np.newaxis]), training=False).numpy()
print(json.dumps({"class": int(logits.argmax())}))
