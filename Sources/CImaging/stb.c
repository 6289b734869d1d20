#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "CImaging.h"

// Compiled from the header, not linked from Debian's libstb: that one is built with assertions which end the process. Here
// a failed assertion is an error like any other.
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
