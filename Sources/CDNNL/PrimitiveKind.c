#include "CDNNL.h"

dnnl_primitive_kind_t graft_primitive_kind(const_dnnl_primitive_desc_t primitive) {
  dnnl_primitive_kind_t kind = dnnl_undefined_primitive;
  if (dnnl_primitive_desc_query(primitive, dnnl_query_primitive_kind, 0, &kind) != dnnl_success) {
    return dnnl_undefined_primitive;
  }
#if DNNL_VERSION_MAJOR == 2
  switch (kind) {
    case dnnl_pooling_v2: return dnnl_pooling;
    case dnnl_softmax_v2: case dnnl_logsoftmax: return dnnl_softmax;
    default: break;
  }
#endif
  return kind;
}
