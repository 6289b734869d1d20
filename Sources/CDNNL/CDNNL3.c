// The shim over oneDNN 3.x. CDNNL2.c is the same over 2.x.
#include "attributes.h"

#if DNNL_VERSION_MAJOR == 3

// The library's own handle under a name that 2.x can have too.
#define HANDLE(descriptor) ((const_dnnl_memory_desc_t)(descriptor))

static graft_memory_descriptor *owned(dnnl_status_t status, dnnl_memory_desc_t handle) {
  return status == dnnl_success ? (graft_memory_descriptor *)handle : NULL;
}

graft_memory_descriptor *graft_memory_descriptor_create(
    int rank, const dnnl_dim_t *dims, dnnl_data_type_t type, const dnnl_dim_t *strides) {
  dnnl_memory_desc_t handle = NULL;
  dnnl_status_t status = strides
      ? dnnl_memory_desc_create_with_strides(&handle, rank, dims, type, strides)
      : dnnl_memory_desc_create_with_tag(&handle, rank, dims, type, dnnl_format_tag_any);
  return owned(status, handle);
}

graft_memory_descriptor *graft_memory_descriptor_of_region(
    const graft_memory_descriptor *parent, const dnnl_dim_t *dims, const dnnl_dim_t *offsets) {
  dnnl_memory_desc_t handle = NULL;
  return owned(dnnl_memory_desc_create_submemory(&handle, HANDLE(parent), dims, offsets), handle);
}

graft_memory_descriptor *graft_memory_descriptor_query(
    const_dnnl_primitive_desc_t primitive, dnnl_query_t what, int index) {
  const_dnnl_memory_desc_t lent = dnnl_primitive_desc_query_md(primitive, what, index);
  dnnl_memory_desc_t handle = NULL;
  return lent ? owned(dnnl_memory_desc_clone(&handle, lent), handle) : NULL;
}

void graft_memory_descriptor_destroy(graft_memory_descriptor *descriptor) {
  dnnl_memory_desc_destroy((dnnl_memory_desc_t)descriptor);
}

bool graft_memory_descriptor_equal(const graft_memory_descriptor *a, const graft_memory_descriptor *b) {
  return dnnl_memory_desc_equal(HANDLE(a), HANDLE(b));
}

size_t graft_memory_descriptor_byte_count(const graft_memory_descriptor *descriptor) {
  return dnnl_memory_desc_get_size(HANDLE(descriptor));
}

dnnl_data_type_t graft_memory_descriptor_data_type(const graft_memory_descriptor *descriptor) {
  dnnl_data_type_t type = dnnl_data_type_undef;
  dnnl_memory_desc_query(HANDLE(descriptor), dnnl_query_data_type, &type);
  return type;
}

dnnl_status_t graft_memory_create(
    dnnl_memory_t *memory, const graft_memory_descriptor *descriptor, dnnl_engine_t engine, void *bytes) {
  return dnnl_memory_create(memory, HANDLE(descriptor), engine, bytes);
}

dnnl_status_t graft_post_ops_append_sum(dnnl_post_ops_t operations) {
  return dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
}

dnnl_status_t graft_post_ops_append_eltwise(
    dnnl_post_ops_t operations, dnnl_alg_kind_t algorithm, float alpha, float beta) {
  return dnnl_post_ops_append_eltwise(operations, algorithm, alpha, beta);
}

graft_eltwise graft_hard_swish(void) {
  return (graft_eltwise){dnnl_eltwise_hardswish, 1.0f / 6, 0.5f};
}

// −ln(1 + e^(−x)).
graft_eltwise graft_log_sigmoid(void) { return (graft_eltwise){dnnl_eltwise_soft_relu, -1, 0}; }

/// Runs one of the library's constructors with attributes that ask for scratch memory as an argument.
#define RETURN_CREATED(attributes, constructor, ...)                                       \
  do {                                                                                     \
    dnnl_primitive_attr_t own = NULL;                                                      \
    dnnl_status_t status = with_user_scratchpad(&own, (attributes));                       \
    if (status == dnnl_success) status = constructor(out, __VA_ARGS__, own);               \
    if (own) dnnl_primitive_attr_destroy(own);                                             \
    return status;                                                                         \
  } while (0)

dnnl_status_t graft_convolution_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *bias, const graft_memory_descriptor *destination,
    const graft_window *window, const_dnnl_primitive_attr_t attributes) {
  RETURN_CREATED(
      attributes, dnnl_convolution_forward_primitive_desc_create, engine, kind, algorithm, HANDLE(source),
      HANDLE(weights), HANDLE(bias), HANDLE(destination), window->strides, window->dilations,
      window->padding_before, window->padding_after);
}

dnnl_status_t graft_convolution_backward_data(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *destination_gradient, const graft_window *window,
    const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_convolution_backward_data_primitive_desc_create, engine, algorithm,
      HANDLE(source_gradient), HANDLE(weights), HANDLE(destination_gradient), window->strides,
      window->dilations, window->padding_before, window->padding_after, hint);
}

dnnl_status_t graft_convolution_backward_weights(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm, const graft_memory_descriptor *source,
    const graft_memory_descriptor *weights_gradient, const graft_memory_descriptor *bias_gradient,
    const graft_memory_descriptor *destination_gradient, const graft_window *window,
    const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_convolution_backward_weights_primitive_desc_create, engine, algorithm,
      HANDLE(source), HANDLE(weights_gradient), HANDLE(bias_gradient), HANDLE(destination_gradient),
      window->strides, window->dilations, window->padding_before, window->padding_after, hint);
}

dnnl_status_t graft_inner_product_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *source, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *bias, const graft_memory_descriptor *destination,
    const_dnnl_primitive_attr_t attributes) {
  RETURN_CREATED(
      attributes, dnnl_inner_product_forward_primitive_desc_create, engine, kind, HANDLE(source), HANDLE(weights),
      HANDLE(bias), HANDLE(destination));
}

dnnl_status_t graft_inner_product_backward_data(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source_gradient,
    const graft_memory_descriptor *weights, const graft_memory_descriptor *destination_gradient,
    const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_inner_product_backward_data_primitive_desc_create, engine, HANDLE(source_gradient),
      HANDLE(weights), HANDLE(destination_gradient), hint);
}

dnnl_status_t graft_inner_product_backward_weights(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source,
    const graft_memory_descriptor *weights_gradient, const graft_memory_descriptor *bias_gradient,
    const graft_memory_descriptor *destination_gradient, const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_inner_product_backward_weights_primitive_desc_create, engine, HANDLE(source),
      HANDLE(weights_gradient), HANDLE(bias_gradient), HANDLE(destination_gradient), hint);
}

dnnl_status_t graft_pooling_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *destination,
    const graft_window *window) {
  RETURN_CREATED(
      NULL, dnnl_pooling_forward_primitive_desc_create, engine, kind, algorithm, HANDLE(source),
      HANDLE(destination), window->strides, window->kernel, window->dilations, window->padding_before,
      window->padding_after);
}

dnnl_status_t graft_pooling_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *destination_gradient,
    const graft_window *window, const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_pooling_backward_primitive_desc_create, engine, algorithm, HANDLE(source_gradient),
      HANDLE(destination_gradient), window->strides, window->kernel, window->dilations, window->padding_before,
      window->padding_after, hint);
}

dnnl_status_t graft_eltwise_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *data, float alpha, float beta) {
  RETURN_CREATED(
      NULL, dnnl_eltwise_forward_primitive_desc_create, engine, kind, algorithm, HANDLE(data), HANDLE(data), alpha,
      beta);
}

dnnl_status_t graft_eltwise_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, float alpha, float beta,
    const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_eltwise_backward_primitive_desc_create, engine, algorithm, HANDLE(gradient), HANDLE(gradient),
      HANDLE(data), alpha, beta, hint);
}

static dnnl_alg_kind_t softmax_algorithm(bool is_logarithmic) {
  return is_logarithmic ? dnnl_softmax_log : dnnl_softmax_accurate;
}

dnnl_status_t graft_softmax_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, bool is_logarithmic,
    const graft_memory_descriptor *data, int axis) {
  RETURN_CREATED(
      NULL, dnnl_softmax_forward_primitive_desc_create, engine, kind, softmax_algorithm(is_logarithmic),
      HANDLE(data), HANDLE(data), axis);
}

dnnl_status_t graft_softmax_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool is_logarithmic,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, int axis,
    const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_softmax_backward_primitive_desc_create, engine, softmax_algorithm(is_logarithmic),
      HANDLE(gradient), HANDLE(gradient), HANDLE(data), axis, hint);
}

dnnl_status_t graft_prelu_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, const graft_memory_descriptor *weights) {
  RETURN_CREATED(
      NULL, dnnl_prelu_forward_primitive_desc_create, engine, kind, HANDLE(data), HANDLE(weights), HANDLE(data));
}

dnnl_status_t graft_prelu_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *data,
    const graft_memory_descriptor *weights, const graft_memory_descriptor *gradient,
    const graft_memory_descriptor *weights_gradient, const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_prelu_backward_primitive_desc_create, engine, HANDLE(data), HANDLE(weights), HANDLE(gradient),
      HANDLE(weights_gradient), HANDLE(gradient), hint);
}

dnnl_status_t graft_lrn_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, int size, float alpha, float beta, float k) {
  RETURN_CREATED(
      NULL, dnnl_lrn_forward_primitive_desc_create, engine, kind, dnnl_lrn_across_channels, HANDLE(data),
      HANDLE(data), size, alpha, beta, k);
}

dnnl_status_t graft_lrn_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *gradient,
    const graft_memory_descriptor *data, int size, float alpha, float beta, float k,
    const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_lrn_backward_primitive_desc_create, engine, dnnl_lrn_across_channels, HANDLE(gradient),
      HANDLE(gradient), HANDLE(data), size, alpha, beta, k, hint);
}

dnnl_status_t graft_resampling_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *destination) {
  RETURN_CREATED(
      NULL, dnnl_resampling_forward_primitive_desc_create, engine, kind, algorithm, NULL, HANDLE(source),
      HANDLE(destination));
}

dnnl_status_t graft_resampling_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *destination_gradient,
    const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_resampling_backward_primitive_desc_create, engine, algorithm, NULL, HANDLE(source_gradient),
      HANDLE(destination_gradient), hint);
}

dnnl_status_t graft_batch_normalization_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, float epsilon, unsigned flags) {
  RETURN_CREATED(
      NULL, dnnl_batch_normalization_forward_primitive_desc_create, engine, kind, HANDLE(data), HANDLE(data),
      epsilon, flags);
}

dnnl_status_t graft_batch_normalization_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, float epsilon,
    unsigned flags, const_dnnl_primitive_desc_t hint) {
  RETURN_CREATED(
      NULL, dnnl_batch_normalization_backward_primitive_desc_create, engine, kind, HANDLE(gradient),
      HANDLE(gradient), HANDLE(data), epsilon, flags, hint);
}

bool graft_batch_normalization_backward_takes_shift(void) { return false; }

dnnl_status_t graft_binary(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *a, const graft_memory_descriptor *b,
    const graft_memory_descriptor *destination, const_dnnl_primitive_attr_t attributes) {
  RETURN_CREATED(
      attributes, dnnl_binary_primitive_desc_create, engine, algorithm, HANDLE(a), HANDLE(b), HANDLE(destination));
}

dnnl_status_t graft_concat(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, int axis, int count,
    const graft_memory_descriptor *const *sources) {
  RETURN_CREATED(
      NULL, dnnl_concat_primitive_desc_create, engine, NULL, count, axis, (const_dnnl_memory_desc_t const *)sources);
}

dnnl_status_t graft_reorder(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source,
    const graft_memory_descriptor *destination) {
  RETURN_CREATED(
      NULL, dnnl_reorder_primitive_desc_create, HANDLE(source), engine, HANDLE(destination), engine);
}

#endif
