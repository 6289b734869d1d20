// Files of `weights/` inside the program itself, so that it needs nothing beside it.
#pragma once
#include <stddef.h>

const unsigned char *graft_weights_manifest(size_t *byte_count);
const unsigned char *graft_weights_squeezenet_tiny(size_t *byte_count);
