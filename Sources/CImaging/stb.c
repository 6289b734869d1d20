#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "CImaging.h"

// Compiled from the headers, not linked from Debian's libstb: that one is built with assertions which end the process,
// and stb_image_resize's do so on many an ordinary photograph (shrinking by about 1.5, where a sampled triangle sums up
// to more than 1.1 before it is normalised). Here a failed assertion of the decoder is an error like any other, and
// that harmless one of the resizer is none.
static _Thread_local jmp_buf *on_failed_assertion;
#define CHECKED(condition) ((condition) ? (void)0 : longjmp(*on_failed_assertion, 1))

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
#pragma clang diagnostic ignored "-Wsign-compare"
#pragma clang diagnostic ignored "-Wunused-parameter"
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_NO_STDIO
#define STBI_ASSERT(condition) CHECKED(condition)
#include <stb/stb_image.h>
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
#define STBIR_ASSERT(condition) ((void)0)
#include <stb/stb_image_resize.h>
#pragma clang diagnostic pop

imaging_status imaging_stb_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_reason *reason) {
  if (count > INT_MAX) {
    snprintf(reason->words, sizeof reason->words, "more than 2 GB");
    return IMAGING_DAMAGED;
  }
  jmp_buf failed;
  on_failed_assertion = &failed;
  if (setjmp(failed)) {
    // What stb had allocated is lost; nothing else is.
    snprintf(reason->words, sizeof reason->words, "contradicts itself");
    return IMAGING_DAMAGED;
  }
  int decoded_width = 0, decoded_height = 0, channels = 0;
  unsigned char *decoded =
      stbi_load_from_memory(bytes, (int)count, &decoded_width, &decoded_height, &channels, 3);
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
