#pragma once
#include <hdf5.h>
#include <stdbool.h>
#include <string.h>

// Swift cannot import HDF5's constants: they are macros that call H5open() first.
static inline unsigned graft_h5f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
static inline hid_t graft_h5p_file_access(void) { return H5P_FILE_ACCESS; }
static inline unsigned graft_h5f_acc_trunc(void) { return H5F_ACC_TRUNC; }
static inline hid_t graft_h5p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t graft_h5t_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t graft_h5t_c_s1(void) { return H5T_C_S1; }
static inline size_t graft_h5t_variable(void) { return H5T_VARIABLE; }
static inline hid_t graft_h5t_little_float(int bytes) { return bytes == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE; }
static inline hid_t graft_h5t_little_integer(size_t bytes, bool is_signed) {
  switch (bytes) {
  case 1: return is_signed ? H5T_STD_I8LE : H5T_STD_U8LE;
  case 2: return is_signed ? H5T_STD_I16LE : H5T_STD_U16LE;
  case 4: return is_signed ? H5T_STD_I32LE : H5T_STD_U32LE;
  default: return is_signed ? H5T_STD_I64LE : H5T_STD_U64LE;
  }
}

// What differs between versions of the library: 1.12 has other structures under the same names.

// Called with each link of a group; stops where it answers with a negative number.
typedef int (*graft_h5_visitor)(const char *name, H5L_type_t type, void *context);

struct graft_h5_visit {
  graft_h5_visitor visitor;
  void *context;
};

static inline herr_t graft_h5l_visit(hid_t group, const char *name, const H5L_info_t *link, void *data) {
  const struct graft_h5_visit *visit = (const struct graft_h5_visit *)data;
  (void)group;
  return visit->visitor(name, link->type, visit->context);
}

// Lists a group's links in alphabetical order.
static inline herr_t graft_h5l_each(hid_t group, graft_h5_visitor visitor, void *context) {
  struct graft_h5_visit visit = {visitor, context};
  hsize_t position = 0;
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, graft_h5l_visit, &visit);
}

// The bytes of a soft or external link's value, which H5Lget_val reads.
static inline herr_t graft_h5l_value_size(hid_t group, const char *name, size_t *size) {
  H5L_info_t link;
  if (H5Lget_info(group, name, &link, H5P_DEFAULT) < 0) return -1;
  *size = link.u.val_size;
  return 0;
}

// Where in its file an object lies: the same for every name that it has.
static inline herr_t graft_h5o_address(hid_t object, uint64_t *address) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  if (H5Oget_info3(object, &info, H5O_INFO_BASIC) < 0) return -1;
  memcpy(address, &info.token, sizeof *address);
#elif H5_VERSION_GE(1, 10, 3)
  H5O_info_t info;
  if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0) return -1;
  *address = info.addr;
#else
  H5O_info_t info;
  if (H5Oget_info(object, &info) < 0) return -1;
  *address = info.addr;
#endif
  return 0;
}
