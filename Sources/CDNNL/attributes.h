// What both forms of the shim share.
#pragma once
#include "CDNNL.h"

#if DNNL_VERSION_MAJOR != 2 && DNNL_VERSION_MAJOR != 3
#error "Graft knows oneDNN 2.x and 3.x; for another, write a third CDNNL*.c."
#endif

/// The given attributes, or none, and that scratch memory is the caller's: so it can be planned with the rest.
static inline dnnl_status_t with_user_scratchpad(
    dnnl_primitive_attr_t *result, const_dnnl_primitive_attr_t attributes) {
  dnnl_status_t status =
      attributes ? dnnl_primitive_attr_clone(result, attributes) : dnnl_primitive_attr_create(result);
  if (status != dnnl_success) return status;
  return dnnl_primitive_attr_set_scratchpad_mode(*result, dnnl_scratchpad_mode_user);
}
