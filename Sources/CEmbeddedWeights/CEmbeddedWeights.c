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
