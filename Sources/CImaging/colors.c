#include "CImaging.h"

void imaging_channel_sums(const uint8_t *pixels, size_t count, uint64_t sums[3]) {
  uint64_t red = 0, green = 0, blue = 0;
  for (size_t i = 0; i < count; i++) {
    red += pixels[i * 3];
    green += pixels[i * 3 + 1];
    blue += pixels[i * 3 + 2];
  }
  sums[0] = red;
  sums[1] = green;
  sums[2] = blue;
}

void imaging_histograms(const uint8_t *pixels, size_t count, uint32_t histograms[768]) {
  for (int i = 0; i < 768; i++) histograms[i] = 0;
  for (size_t i = 0; i < count * 3; i += 3) {
    histograms[pixels[i]]++;
    histograms[256 + pixels[i + 1]]++;
    histograms[512 + pixels[i + 2]]++;
  }
}

void imaging_apply_tables(uint8_t *pixels, size_t count, const uint8_t tables[768]) {
  for (size_t i = 0; i < count * 3; i += 3) {
    pixels[i] = tables[pixels[i]];
    pixels[i + 1] = tables[256 + pixels[i + 1]];
    pixels[i + 2] = tables[512 + pixels[i + 2]];
  }
}

static uint8_t rounded(float value) {
  value = value < 0 ? 0 : value;
  value = value > 255 ? 255 : value;
  return (uint8_t)(int)(value + 0.5f);
}

void imaging_apply_matrix(uint8_t *pixels, size_t count, const float m[12]) {
  for (size_t i = 0; i < count; i++) {
    uint8_t *pixel = pixels + i * 3;
    float red = pixel[0], green = pixel[1], blue = pixel[2];
    pixel[0] = rounded(m[0] * red + m[1] * green + m[2] * blue + m[3]);
    pixel[1] = rounded(m[4] * red + m[5] * green + m[6] * blue + m[7]);
    pixel[2] = rounded(m[8] * red + m[9] * green + m[10] * blue + m[11]);
  }
}

void imaging_sharpen(const uint8_t *restrict pixels, int width, int height, float factor, uint8_t *restrict sharpened) {
  size_t stride = (size_t)width * 3, length = stride * (size_t)height;
  for (size_t i = 0; i < length; i++) sharpened[i] = pixels[i];
  for (int y = 1; y < height - 1; y++) {
    const uint8_t *row = pixels + (size_t)y * stride, *above = row - stride, *below = row + stride;
    uint8_t *target = sharpened + (size_t)y * stride;
    for (size_t i = 3; i + 3 < stride; i++) {
      int around = above[i - 3] + above[i] + above[i + 3] + row[i - 3] + row[i + 3] + below[i - 3] + below[i] +
          below[i + 3];
      float smooth = (float)((around + 5 * row[i] + 6) / 13);
      target[i] = rounded(smooth + factor * ((float)row[i] - smooth));
    }
  }
}
