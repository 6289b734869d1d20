#pragma once
#include <hdf5.h>

// Swift cannot import HDF5's constants: they are macros that call H5open() first.
static inline hid_t graft_h5t_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline unsigned graft_h5f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
