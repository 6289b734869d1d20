#include <libexif/exif-data.h>
#include <limits.h>

#include "CImaging.h"

int imaging_exif_orientation(const uint8_t *block, size_t count) {
  if (count > UINT_MAX) return 1;
  ExifData *data = exif_data_new();
  if (!data) return 1;
  // Left on, this option "corrects" blocks to the letter of the specification and invents what it misses.
  exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_load_data(data, block, (unsigned int)count);
  int orientation = 1;
  ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry && entry->data && entry->format == EXIF_FORMAT_SHORT && entry->components >= 1 && entry->size >= 2) {
    orientation = exif_get_short(entry->data, exif_data_get_byte_order(data));
  }
  exif_data_unref(data);
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
