#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "CImaging.h"

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
#pragma clang diagnostic ignored "-Wsign-compare"
#pragma clang diagnostic ignored "-Wunused-parameter"
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#define STB_IMAGE_RESIZE_STATIC
// Harmless in what is used here, and met by many an ordinary photograph: shrunk by about 1.5, a sampled triangle sums up to
// more than 1.1 before it is normalised.
#define STBIR_ASSERT(condition) ((void)0)
#include <stb/stb_image_resize.h>
#pragma clang diagnostic pop

// The weights are stb's own; the sums are taken here, the same products in the same order, so that every pixel is stb's.
// stb goes through the input and adds each pixel to all that it touches, one channel at a time; here each pixel of the
// result, and only of the part that is wanted, gathers what touches it: a third of the time.
#pragma STDC FP_CONTRACT OFF

typedef float pixel __attribute__((vector_size(16)));
typedef pixel unaligned_pixel __attribute__((aligned(4)));

/// What one row or column of the result is made of.
typedef struct {
  int input;
  float weight;
} share;

/// Along one axis: the shares of result `first + i` are `shares[starts[i]] ..< shares[starts[i + 1]]`.
typedef struct {
  int count, longest, least_input, greatest_input;
  int *starts;
  share *shares;
} axis;

static void release(axis *a) {
  free(a->starts);
  free(a->shares);
}

static int clamped(int value, int limit) { return value < 0 ? 0 : value >= limit ? limit - 1 : value; }

/// Calls `body` for each share of the wanted part, in the order in which stb adds them up.
#define FOR_EACH_SHARE(body)                                                                             \
  for (int n = 0; n < total; n++) {                                                                      \
    for (int k = contributors[n].n0; k <= contributors[n].n1; k++) {                                     \
      int result = (enlarges ? n : k) - first;                                                           \
      if (result < 0 || result >= count) continue;                                                       \
      share one = {clamped(enlarges ? k : n - margin, size), weights[n * width + k - contributors[n].n0]}; \
      body                                                                                               \
    }                                                                                                    \
  }

/// - Returns: whether there was memory for it.
static bool make_axis(axis *a, int size, int new_size, int first, int count) {
  const stbir_filter filter = STBIR_FILTER_TRIANGLE;
  float scale = (float)new_size / size;
  bool enlarges = stbir__use_upsampling(scale);
  int margin = stbir__get_filter_pixel_margin(filter, scale);
  int total = stbir__get_contributors(scale, filter, size, new_size);
  int width = stbir__get_coefficient_width(filter, scale);
  *a = (axis){.count = count, .least_input = size, .greatest_input = 0};
  stbir__contributors *contributors = calloc((size_t)total, sizeof *contributors);
  float *weights = calloc((size_t)total * (size_t)width, sizeof *weights);
  a->starts = calloc((size_t)count + 1, sizeof *a->starts);
  bool succeeded = contributors && weights && a->starts;
  if (succeeded) {
    stbir__calculate_filters(contributors, weights, filter, scale, 0, size, new_size);
    FOR_EACH_SHARE({
      (void)one;
      a->starts[result + 1]++;
    })
    for (int i = 0; i < count; i++) {
      if (a->starts[i + 1] > a->longest) a->longest = a->starts[i + 1];
      a->starts[i + 1] += a->starts[i];
    }
    a->shares = calloc((size_t)a->starts[count] + 1, sizeof *a->shares);
    succeeded = a->shares != NULL;
  }
  if (succeeded) {
    FOR_EACH_SHARE({
      a->shares[a->starts[result]++] = one;
      if (one.input < a->least_input) a->least_input = one.input;
      if (one.input > a->greatest_input) a->greatest_input = one.input;
    })
    // Each start has moved to its end, which is the next one's start.
    memmove(a->starts + 1, a->starts, (size_t)count * sizeof *a->starts);
    a->starts[0] = 0;
  }
  free(contributors);
  free(weights);
  return succeeded;
}

/// One row of the input, 0…1, resized; `unpacked` has room for four floats a pixel.
static void resize_row(
    const uint8_t *row, const float *fractions, const axis *columns, pixel *unpacked, float *resized) {
  for (int x = columns->least_input; x <= columns->greatest_input; x++) {
    unpacked[x] = (pixel){fractions[row[x * 3]], fractions[row[x * 3 + 1]], fractions[row[x * 3 + 2]], 0};
  }
  for (int x = 0; x < columns->count; x++) {
    pixel sum = {0, 0, 0, 0};
    for (int i = columns->starts[x]; i < columns->starts[x + 1]; i++) {
      sum += unpacked[columns->shares[i].input] * columns->shares[i].weight;
    }
    // The fourth float lies where the next pixel will.
    *(unaligned_pixel *)(resized + x * 3) = sum;
  }
}

static void add_row(float *restrict sum, const float *restrict row, float weight, int length) {
  for (int i = 0; i < length; i++) sum[i] += row[i] * weight;
}

static void round_row(const float *restrict row, uint8_t *restrict rounded, int length) {
  for (int i = 0; i < length; i++) {
    float value = row[i] < 0 ? 0 : row[i] > 1 ? 1 : row[i];
    rounded[i] = (uint8_t)(int)(value * 255.0f + 0.5);
  }
}

static void resize_part(
    const uint8_t *pixels, int width, const axis *columns, const axis *rows, pixel *unpacked, float *ring, int *held,
    float *sum, uint8_t *resized) {
  int length = columns->count * 3, stride = length + 1;
  float fractions[256];
  for (int value = 0; value < 256; value++) fractions[value] = (float)value / 255.0f;
  for (int place = 0; place < rows->longest; place++) held[place] = -1;
  for (int y = 0; y < rows->count; y++) {
    memset(sum, 0, (size_t)length * sizeof *sum);
    for (int i = rows->starts[y]; i < rows->starts[y + 1]; i++) {
      // Inputs of one result are neighbours: each has a place of its own among as many as the longest result has.
      int input = rows->shares[i].input, place = input % rows->longest;
      float *row = ring + (size_t)place * (size_t)stride;
      if (held[place] != input) {
        resize_row(pixels + (size_t)input * (size_t)width * 3, fractions, columns, unpacked, row);
        held[place] = input;
      }
      add_row(sum, row, rows->shares[i].weight, length);
    }
    round_row(sum, resized + (size_t)y * (size_t)length, length);
  }
}

imaging_status imaging_resize_antialiased(
    const uint8_t *pixels, int width, int height, int new_width, int new_height, imaging_region part,
    uint8_t *resized) {
  axis columns = {0}, rows = {0};
  pixel *unpacked = NULL;
  float *ring = NULL, *sum = NULL;
  int *held = NULL;
  bool succeeded = make_axis(&columns, width, new_width, part.left, part.width) &&
      make_axis(&rows, height, new_height, part.top, part.height);
  if (succeeded) {
    size_t stride = (size_t)part.width * 3 + 1;
    unpacked = aligned_alloc(sizeof(pixel), (size_t)width * sizeof(pixel));
    ring = malloc((size_t)rows.longest * stride * sizeof *ring);
    sum = malloc(stride * sizeof *sum);
    held = malloc((size_t)rows.longest * sizeof *held);
    succeeded = unpacked && ring && sum && held;
  }
  if (succeeded) resize_part(pixels, width, &columns, &rows, unpacked, ring, held, sum, resized);
  free(held);
  free(sum);
  free(ring);
  free(unpacked);
  release(&rows);
  release(&columns);
  return succeeded ? IMAGING_READ : IMAGING_OUT_OF_MEMORY;
}
