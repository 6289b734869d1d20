#include <stdio.h>
#include <turbojpeg.h>

#include "CImaging.h"

size_t imaging_jpeg_limit(int width, int height) {
  // A JPEG file's sizes have 16 bits.
  if (width < 1 || height < 1 || width > 65535 || height > 65535) return 0;
  unsigned long limit = tjBufSize(width, height, TJSAMP_420);
  return limit == (unsigned long)-1 ? 0 : limit;
}

imaging_status imaging_jpeg_encode(
    const uint8_t *pixels, int width, int height, int quality, uint8_t *file, size_t *count, imaging_reason *reason) {
  tjhandle handle = tjInitCompress();
  if (!handle) return IMAGING_OUT_OF_MEMORY;
  unsigned char *target = file;
  unsigned long written = imaging_jpeg_limit(width, height);
  int failed = tjCompress2(
      handle, pixels, width, 0, height, TJPF_RGB, &target, &written, TJSAMP_420, quality,
      TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT);
  if (failed) snprintf(reason->words, sizeof reason->words, "%s", tjGetErrorStr2(handle));
  tjDestroy(handle);
  *count = failed ? 0 : written;
  return failed ? IMAGING_DAMAGED : IMAGING_READ;
}
