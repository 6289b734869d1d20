#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImaging.h"

// libpng's simplified interface corrects for gamma and blends alpha with a background; Pillow and TensorFlow do
// neither, so this is the classic interface with its longjmp.

typedef struct {
  const uint8_t *bytes;
  size_t count, position;
  int cut_off;
  imaging_reason *reason;
} png_input;

static void on_error(png_structp png, png_const_charp words) {
  png_input *input = png_get_error_ptr(png);
  snprintf(input->reason->words, sizeof input->reason->words, "%s", words);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp words) {
  (void)png;
  (void)words;
}

static void read_bytes(png_structp png, png_bytep target, size_t wanted) {
  png_input *input = png_get_io_ptr(png);
  if (wanted > input->count - input->position) {
    input->cut_off = 1;
    png_error(png, "the data end too early");
  }
  memcpy(target, input->bytes + input->position, wanted);
  input->position += wanted;
}

static void collect(png_structp png, png_infop info, imaging_png_metadata *metadata) {
  png_bytep exif = NULL;
  png_uint_32 exif_count = 0;
  if (png_get_eXIf_1(png, info, &exif_count, &exif) && exif_count > 0) {
    metadata->exif = malloc(exif_count);
    if (metadata->exif) {
      memcpy(metadata->exif, exif, exif_count);
      metadata->exif_count = exif_count;
    }
  }
  png_textp texts = NULL;
  int text_count = 0;
  png_get_text(png, info, &texts, &text_count);
  for (int index = 0; index < text_count && !metadata->exif_profile; index++) {
    if (texts[index].text && strcmp(texts[index].key, "Raw profile type exif") == 0) {
      metadata->exif_profile = strdup(texts[index].text);
    }
  }
}

imaging_status imaging_png_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_png_metadata *metadata,
    imaging_reason *reason) {
  png_input input = {bytes, count, 0, 0, reason};
  memset(metadata, 0, sizeof *metadata);
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input, on_error, on_warning);
  if (!png) return IMAGING_OUT_OF_MEMORY;
  png_infop info = png_create_info_struct(png);
  png_bytepp rows = info ? malloc(sizeof(png_bytep) * (size_t)height) : NULL;
  if (!rows) {
    png_destroy_read_struct(&png, &info, NULL);
    return IMAGING_OUT_OF_MEMORY;
  }
  for (int row = 0; row < height; row++) rows[row] = pixels + (size_t)row * (size_t)width * 3;

  // Nothing assigned after this line is read after a jump back to it, but what `input` and `metadata` point to.
  if (setjmp(png_jmpbuf(png))) {
    free(rows);
    png_destroy_read_struct(&png, &info, NULL);
    return input.cut_off ? IMAGING_CUT_OFF : IMAGING_DAMAGED;
  }
  png_set_read_fn(png, &input, read_bytes);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);  // The caller has its own, on the product.
  png_read_info(png, info);
  if (png_get_image_width(png, info) != (png_uint_32)width ||
      png_get_image_height(png, info) != (png_uint_32)height) {
    png_error(png, "a second header with another size");
  }
  png_set_strip_16(png);
  png_set_expand(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != (size_t)width * 3) png_error(png, "an unknown kind of pixel");
  png_read_image(png, rows);
  png_read_end(png, info);
  collect(png, info, metadata);
  free(rows);
  png_destroy_read_struct(&png, &info, NULL);
  return IMAGING_READ;
}

void imaging_png_metadata_free(imaging_png_metadata *metadata) {
  free(metadata->exif);
  free(metadata->exif_profile);
  memset(metadata, 0, sizeof *metadata);
}
