#include <stdio.h>
#include <string.h>
#include <turbojpeg.h>

#include "CImaging.h"

static imaging_status failed(tjhandle handle, imaging_reason *reason) {
  snprintf(reason->words, sizeof reason->words, "%s", handle ? tjGetErrorStr2(handle) : tjGetErrorStr());
  return strstr(reason->words, "remature end of JPEG file") ? IMAGING_CUT_OFF : IMAGING_DAMAGED;
}

imaging_status imaging_jpeg_header(
    const uint8_t *bytes, size_t count, imaging_header *header, imaging_reason *reason) {
  tjhandle handle = tjInitDecompress();
  if (!handle) return IMAGING_OUT_OF_MEMORY;
  int subsampling = 0, colorspace = 0;
  imaging_status status = IMAGING_READ;
  if (tjDecompressHeader3(handle, bytes, count, &header->width, &header->height, &subsampling, &colorspace) != 0 &&
      tjGetErrorCode(handle) == TJERR_FATAL) {
    status = failed(handle, reason);
  }
  header->channels = colorspace == TJCS_CMYK || colorspace == TJCS_YCCK ? 4 : 3;
  tjDestroy(handle);
  return status;
}

static imaging_status decode(
    const uint8_t *bytes, size_t count, imaging_header *header, int width, int height, int format, uint8_t *pixels,
    imaging_reason *reason) {
  tjhandle handle = tjInitDecompress();
  if (!handle) return IMAGING_OUT_OF_MEMORY;
  imaging_status status = IMAGING_READ;
  header->warned = 0;
  // The limit on scans stops a progressive file of a few kilobytes from keeping a core busy for minutes.
  int flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS;
  if (tjDecompress2(handle, bytes, count, pixels, width, 0, height, format, flags) != 0) {
    header->warned = tjGetErrorCode(handle) == TJERR_WARNING;
    status = failed(handle, reason);
    // Of several warnings the library keeps the first; a file cut off says so, whatever else is left to the caller.
    if (header->warned && status == IMAGING_DAMAGED) status = IMAGING_READ;
  }
  tjDestroy(handle);
  return status;
}

imaging_status imaging_jpeg_decode(
    const uint8_t *bytes, size_t count, imaging_header *header, uint8_t *pixels, imaging_reason *reason) {
  int format = header->channels == 4 ? TJPF_CMYK : TJPF_RGB;
  return decode(bytes, count, header, header->width, header->height, format, pixels, reason);
}

void imaging_jpeg_grey_size(const imaging_header *header, int least, int *width, int *height) {
  *width = header->width;
  *height = header->height;
  int count = 0;
  const tjscalingfactor *factors = tjGetScalingFactors(&count);
  for (int index = 0; factors && index < count; index++) {
    int scaled_width = TJSCALED(header->width, factors[index]);
    int scaled_height = TJSCALED(header->height, factors[index]);
    if (scaled_width < *width && scaled_width >= least && scaled_height >= least) {
      *width = scaled_width;
      *height = scaled_height;
    }
  }
}

imaging_status imaging_jpeg_grey(
    const uint8_t *bytes, size_t count, imaging_header *header, int width, int height, uint8_t *pixels,
    imaging_reason *reason) {
  return decode(bytes, count, header, width, height, TJPF_GRAY, pixels, reason);
}
