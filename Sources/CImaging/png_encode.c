#include <png.h>
#include <stdio.h>
#include <string.h>

#include "CImaging.h"

// libpng's simplified interface: nothing of what it does beside is unwanted here, and it needs no longjmp.

static png_image described(int width, int height) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = (png_uint_32)width;
  image.height = (png_uint_32)height;
  image.format = PNG_FORMAT_RGB;
  return image;
}

size_t imaging_png_limit(int width, int height) {
  // Beyond this, libpng's own reckoning in 32 bits overflows.
  if (width < 1 || height < 1 || (uint64_t)width * (uint64_t)height > 0x20000000) return 0;
  png_image image = described(width, height);
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

imaging_status imaging_png_encode(
    const uint8_t *pixels, int width, int height, uint8_t *file, size_t *count, imaging_reason *reason) {
  png_image image = described(width, height);
  png_alloc_size_t room = imaging_png_limit(width, height);
  int written = png_image_write_to_memory(&image, file, &room, 0, pixels, 0, NULL);
  if (!written) snprintf(reason->words, sizeof reason->words, "%s", image.message);
  png_image_free(&image);
  *count = written ? room : 0;
  return written ? IMAGING_READ : IMAGING_DAMAGED;
}
