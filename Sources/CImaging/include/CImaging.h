#pragma once
// The C side of reading photographs: one source file a library, no C++ in this header, no exceptions, nothing printed.
//
// Every function takes the whole file in memory and writes interleaved 8-bit pixels into memory that the caller
// allocated for exactly `width * height` of them, after the caller has seen the size and found it reasonable.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What became of a call.
typedef enum {
  IMAGING_READ = 0,
  /// The bytes end before the picture is complete.
  IMAGING_CUT_OFF = 1,
  /// The bytes contradict the format, or use a part of it that the library does not know.
  IMAGING_DAMAGED = 2,
  IMAGING_OUT_OF_MEMORY = 3,
} imaging_status;

/// Room for the library's own words about a failure, zero-terminated.
typedef struct {
  char words[200];
} imaging_reason;

typedef struct {
  int width, height;
  /// 3 for RGB; 4 where the file holds the inks of a print (CMYK).
  int channels;
  /// Whether the library met something harmless or not so harmless and carried on; `reason` says what.
  int warned;
} imaging_header;

// jpeg.c: TurboJPEG. Grey becomes RGB; CMYK and YCCK stay four channels, as stored.
imaging_status imaging_jpeg_header(
    const uint8_t *bytes, size_t count, imaging_header *header, imaging_reason *reason);
imaging_status imaging_jpeg_decode(
    const uint8_t *bytes, size_t count, imaging_header *header, uint8_t *pixels, imaging_reason *reason);

/// The size of the smallest picture that imaging_jpeg_grey makes of one of `header`'s size, no side less than `least` unless
/// it was.
void imaging_jpeg_grey_size(const imaging_header *header, int least, int *width, int *height);
/// Grey pixels at that size, which costs a fraction of the whole picture. Not for CMYK.
imaging_status imaging_jpeg_grey(
    const uint8_t *bytes, size_t count, imaging_header *header, int width, int height, uint8_t *pixels,
    imaging_reason *reason);
// jpeg_encode.c: TurboJPEG, at half the resolution for colours.
/// RGB to a whole JPEG file in `file`, which the caller allocated for `imaging_jpeg_limit` bytes; `count` is what it takes.
imaging_status imaging_jpeg_encode(
    const uint8_t *pixels, int width, int height, int quality, uint8_t *file, size_t *count, imaging_reason *reason);
/// The most bytes that a JPEG file of that size can take; 0 where there can be none so large.
size_t imaging_jpeg_limit(int width, int height);

/// What a PNG says about itself beside the pixels; each part null where absent. Release with imaging_png_metadata_free.
typedef struct {
  uint8_t *exif;
  size_t exif_count;
  /// The text of ImageMagick's "Raw profile type exif": the block in hexadecimal digits.
  char *exif_profile;
} imaging_png_metadata;

// png.c: libpng. Any colour type becomes RGB: alpha dropped, 16 bits cut to the upper 8.
imaging_status imaging_png_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_png_metadata *metadata,
    imaging_reason *reason);
void imaging_png_metadata_free(imaging_png_metadata *metadata);
/// RGB to a whole PNG file in `file`, which the caller allocated for `imaging_png_limit` bytes; `count` is what it takes.
imaging_status imaging_png_encode(
    const uint8_t *pixels, int width, int height, uint8_t *file, size_t *count, imaging_reason *reason);
/// The most bytes that a PNG file of that size can take; 0 where libpng writes none so large.
size_t imaging_png_limit(int width, int height);

// webp.c: libwebp and its demuxer. The first frame of an animation, alpha dropped.
imaging_status imaging_webp_header(
    const uint8_t *bytes, size_t count, imaging_header *header, imaging_reason *reason);
imaging_status imaging_webp_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_reason *reason);
/// Where the EXIF block lies in the file; false where there is none.
int imaging_webp_exif(const uint8_t *bytes, size_t count, size_t *offset, size_t *length);

// stb.c: stb_image for BMP and the first frame of a GIF, whose signature and sizes the caller has checked.
imaging_status imaging_stb_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_reason *reason);

typedef struct {
  int left, top, width, height;
} imaging_region;

// resize.c: as stb_image_resize does it, bit for bit: RGB, bilinear with antialiasing (a triangle as wide as the scale),
// edges repeated. `resized` takes only `part` of the whole resized image, which lies within it.
imaging_status imaging_resize_antialiased(
    const uint8_t *pixels, int width, int height, int new_width, int new_height, imaging_region part,
    uint8_t *resized);

// exif.c: libexif. The orientation 1…8 of a block that begins with "Exif\0\0"; 1 where it says nothing or is broken.
int imaging_exif_orientation(const uint8_t *block, size_t count);

// opencv.cpp: bilinear without antialiasing (INTER_LINEAR), RGB to float32 0…255, unrounded.
imaging_status imaging_resize_linear(
    const uint8_t *pixels, int width, int height, float *resized, int new_width, int new_height);
/// Looks each pixel of the result up where `matrix` (3 × 3, row by row) leads from its place, both counted from the centres of
/// the first pixels: bilinear, to a 32nd of a pixel, mirrored at the edges of `part`, which lies within the image.
imaging_status imaging_warp(
    const uint8_t *pixels, int width, int height, imaging_region part, const double matrix[9], uint8_t *warped,
    int new_width, int new_height);
/// A Gaussian of that standard deviation in pixels, mirrored at the edges; in place.
imaging_status imaging_blur(uint8_t *pixels, int width, int height, double deviation);

// colors.c: RGB, `count` pixels; what changes, changes in place.
void imaging_channel_sums(const uint8_t *pixels, size_t count, uint64_t sums[3]);
/// 256 counts each for red, green and blue.
void imaging_histograms(const uint8_t *pixels, size_t count, uint32_t histograms[768]);
/// Each value replaced: 256 entries each for red, green and blue.
void imaging_apply_tables(uint8_t *pixels, size_t count, const uint8_t tables[768]);
/// Three rows of four: shares of red, green and blue and a constant; rounded, and cut off at 0 and 255.
void imaging_apply_matrix(uint8_t *pixels, size_t count, const float matrix[12]);
/// Away from Pillow's SMOOTH filter (1 1 1, 1 5 1, 1 1 1) by a factor: 0 is that, 1 the image. The outermost pixels stay.
void imaging_sharpen(const uint8_t *pixels, int width, int height, float factor, uint8_t *sharpened);

#ifdef __cplusplus
}
#endif
