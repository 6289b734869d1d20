#include <limits.h>
#include <stdio.h>
#include <string.h>

// Debian ships stb compiled, as libstb; these headers give the declarations only.
#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>

#include "CImaging.h"

imaging_status imaging_stb_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_reason *reason) {
  int decoded_width = 0, decoded_height = 0, channels = 0;
  unsigned char *decoded =
      count > INT_MAX ? NULL
                      : stbi_load_from_memory(bytes, (int)count, &decoded_width, &decoded_height, &channels, 3);
  if (!decoded) {
    const char *words = stbi_failure_reason();
    snprintf(reason->words, sizeof reason->words, "%s", words ? words : "unknown error");
    return IMAGING_DAMAGED;
  }
  imaging_status status = IMAGING_READ;
  if (decoded_width == width && decoded_height == height) {
    memcpy(pixels, decoded, (size_t)width * (size_t)height * 3);
  } else {
    snprintf(reason->words, sizeof reason->words, "another size than the header's");
    status = IMAGING_DAMAGED;
  }
  stbi_image_free(decoded);
  return status;
}

imaging_status imaging_resize_antialiased(
    const uint8_t *pixels, int width, int height, uint8_t *resized, int new_width, int new_height) {
  int succeeded = stbir_resize(
      pixels, width, height, width * 3, resized, new_width, new_height, new_width * 3, STBIR_TYPE_UINT8, 3,
      STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP, STBIR_EDGE_CLAMP, STBIR_FILTER_TRIANGLE, STBIR_FILTER_TRIANGLE,
      STBIR_COLORSPACE_LINEAR, NULL);
  return succeeded ? IMAGING_READ : IMAGING_OUT_OF_MEMORY;
}
