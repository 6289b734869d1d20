#include <stdio.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include "CImaging.h"

static const char *const words_of_status[] = {
    "no error", "out of memory", "invalid parameter", "bitstream error",
    "unsupported feature", "suspended", "stopped", "not enough data",
};

static imaging_status failed(VP8StatusCode code, imaging_reason *reason) {
  size_t known = sizeof words_of_status / sizeof *words_of_status;
  snprintf(reason->words, sizeof reason->words, "%s", (size_t)code < known ? words_of_status[code] : "unknown error");
  switch (code) {
    case VP8_STATUS_OK: return IMAGING_READ;
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: return IMAGING_CUT_OFF;
    case VP8_STATUS_OUT_OF_MEMORY: return IMAGING_OUT_OF_MEMORY;
    default: return IMAGING_DAMAGED;
  }
}

imaging_status imaging_webp_header(
    const uint8_t *bytes, size_t count, imaging_header *header, imaging_reason *reason) {
  WebPBitstreamFeatures features;
  VP8StatusCode code = WebPGetFeatures(bytes, count, &features);
  if (code != VP8_STATUS_OK) return failed(code, reason);
  header->width = features.width;
  header->height = features.height;
  header->channels = 3;
  return IMAGING_READ;
}

// The animation decoder puts a first frame that is smaller than the canvas where it belongs.
static imaging_status decode_first_frame(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_reason *reason) {
  WebPData data = {bytes, count};
  WebPAnimDecoderOptions options;
  if (!WebPAnimDecoderOptionsInit(&options)) return IMAGING_DAMAGED;
  options.color_mode = MODE_RGBA;
  WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
  if (!decoder) return failed(VP8_STATUS_BITSTREAM_ERROR, reason);
  WebPAnimInfo info;
  uint8_t *canvas = NULL;
  int timestamp = 0;
  imaging_status status = IMAGING_DAMAGED;
  if (WebPAnimDecoderGetInfo(decoder, &info) && info.canvas_width == (uint32_t)width &&
      info.canvas_height == (uint32_t)height && WebPAnimDecoderGetNext(decoder, &canvas, &timestamp)) {
    size_t total = (size_t)width * (size_t)height;
    for (size_t pixel = 0; pixel < total; pixel++) {
      pixels[pixel * 3] = canvas[pixel * 4];
      pixels[pixel * 3 + 1] = canvas[pixel * 4 + 1];
      pixels[pixel * 3 + 2] = canvas[pixel * 4 + 2];
    }
    status = IMAGING_READ;
  } else {
    failed(VP8_STATUS_BITSTREAM_ERROR, reason);
  }
  WebPAnimDecoderDelete(decoder);
  return status;
}

imaging_status imaging_webp_decode(
    const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, imaging_reason *reason) {
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return IMAGING_DAMAGED;
  VP8StatusCode code = WebPGetFeatures(bytes, count, &config.input);
  if (code != VP8_STATUS_OK) return failed(code, reason);
  if (config.input.has_animation) return decode_first_frame(bytes, count, width, height, pixels, reason);
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = pixels;
  config.output.u.RGBA.stride = width * 3;
  config.output.u.RGBA.size = (size_t)width * (size_t)height * 3;
  code = WebPDecode(bytes, count, &config);
  WebPFreeDecBuffer(&config.output);
  return failed(code, reason);
}

int imaging_webp_exif(const uint8_t *bytes, size_t count, size_t *offset, size_t *length) {
  WebPData data = {bytes, count};
  WebPDemuxer *demuxer = WebPDemux(&data);
  if (!demuxer) return 0;
  WebPChunkIterator chunk;
  int found = WebPDemuxGetChunk(demuxer, "EXIF", 1, &chunk);
  if (found) {
    *offset = (size_t)(chunk.chunk.bytes - bytes);
    *length = chunk.chunk.size;
    WebPDemuxReleaseChunkIterator(&chunk);
  }
  WebPDemuxDelete(demuxer);
  return found;
}
