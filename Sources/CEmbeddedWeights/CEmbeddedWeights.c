#include "CEmbeddedWeights.h"

// C23; clang knows it in every mode, and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char manifest[] = {
#embed "../../weights/manifest.json"
};

const unsigned char *graft_weights_manifest(size_t *byte_count) {
  *byte_count = sizeof manifest;
  return manifest;
}

// Aligned as tensors are, so that they can be used where they lie.
_Alignas(64) static const unsigned char squeezenet_tiny[] = {
#embed "../../weights/squeezenet-tiny.safetensors"
};

const unsigned char *graft_weights_squeezenet_tiny(size_t *byte_count) {
  *byte_count = sizeof squeezenet_tiny;
  return squeezenet_tiny;
}
