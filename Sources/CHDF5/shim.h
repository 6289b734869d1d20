#pragma once
#include <hdf5.h>

// Swift cannot import HDF5's constants: they are macros that call H5open() first.
static inline unsigned graft_h5f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
static inline hid_t graft_h5p_file_access(void) { return H5P_FILE_ACCESS; }

// H5Lget_info is a macro from 1.12 on, over versions that differ in their structure but not in `type`.
// A negative H5L_type_t where the link cannot be looked up.
static inline H5L_type_t graft_h5l_type(hid_t location, const char *name) {
  H5L_info_t info;
  return H5Lget_info(location, name, &info, H5P_DEFAULT) < 0 ? H5L_TYPE_ERROR : info.type;
}
