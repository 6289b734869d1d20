// The shim over oneDNN 2.x. CDNNL3.c is the same over 3.x.
#include "attributes.h"
#include <stdlib.h>

#if DNNL_VERSION_MAJOR == 2

struct graft_memory_descriptor {
  dnnl_memory_desc_t value;
};

#define VALUE(descriptor) ((descriptor) ? &(descriptor)->value : NULL)

static graft_memory_descriptor *boxed(const dnnl_memory_desc_t *value) {
  graft_memory_descriptor *box = malloc(sizeof *box);
  if (box) box->value = *value;
  return box;
}

graft_memory_descriptor *graft_memory_descriptor_create(
    int rank, const dnnl_dim_t *dims, dnnl_data_type_t type, const dnnl_dim_t *strides) {
  dnnl_memory_desc_t value;
  dnnl_status_t status = strides
      ? dnnl_memory_desc_init_by_strides(&value, rank, dims, type, strides)
      : dnnl_memory_desc_init_by_tag(&value, rank, dims, type, dnnl_format_tag_any);
  return status == dnnl_success ? boxed(&value) : NULL;
}

graft_memory_descriptor *graft_memory_descriptor_of_region(
    const graft_memory_descriptor *parent, const dnnl_dim_t *dims, const dnnl_dim_t *offsets) {
  dnnl_memory_desc_t value;
  return dnnl_memory_desc_init_submemory(&value, VALUE(parent), dims, offsets) == dnnl_success
      ? boxed(&value) : NULL;
}

graft_memory_descriptor *graft_memory_descriptor_query(
    const_dnnl_primitive_desc_t primitive, dnnl_query_t what, int index) {
  const dnnl_memory_desc_t *value = dnnl_primitive_desc_query_md(primitive, what, index);
  return value ? boxed(value) : NULL;
}

void graft_memory_descriptor_destroy(graft_memory_descriptor *descriptor) { free(descriptor); }

bool graft_memory_descriptor_equal(const graft_memory_descriptor *a, const graft_memory_descriptor *b) {
  return dnnl_memory_desc_equal(VALUE(a), VALUE(b));
}

size_t graft_memory_descriptor_byte_count(const graft_memory_descriptor *descriptor) {
  return dnnl_memory_desc_get_size(VALUE(descriptor));
}

dnnl_data_type_t graft_memory_descriptor_data_type(const graft_memory_descriptor *descriptor) {
  return VALUE(descriptor)->data_type;
}

dnnl_status_t graft_memory_create(
    dnnl_memory_t *memory, const graft_memory_descriptor *descriptor, dnnl_engine_t engine, void *bytes) {
  return dnnl_memory_create(memory, VALUE(descriptor), engine, bytes);
}

dnnl_status_t graft_post_ops_append_sum(dnnl_post_ops_t operations) {
  return dnnl_post_ops_append_sum(operations, 1);
}

dnnl_status_t graft_post_ops_append_eltwise(
    dnnl_post_ops_t operations, dnnl_alg_kind_t algorithm, float alpha, float beta) {
  return dnnl_post_ops_append_eltwise(operations, 1, algorithm, alpha, beta);
}

graft_eltwise graft_hard_swish(void) { return (graft_eltwise){dnnl_eltwise_hardswish, 0, 0}; }

graft_eltwise graft_log_sigmoid(void) { return (graft_eltwise){dnnl_eltwise_logsigmoid, 0, 0}; }

/// The second half of every 2.x constructor: from operation descriptor to primitive descriptor.
#define RETURN_DESCRIBED(initialization, attributes, hint)                               \
  do {                                                                                   \
    dnnl_status_t status = (initialization);                                             \
    if (status != dnnl_success) return status;                                           \
    return described(out, &operation, (attributes), engine, (hint));                     \
  } while (0)

static dnnl_status_t described(
    dnnl_primitive_desc_t *out, const_dnnl_op_desc_t operation, const_dnnl_primitive_attr_t attributes,
    dnnl_engine_t engine, const_dnnl_primitive_desc_t hint) {
  dnnl_primitive_attr_t own = NULL;
  dnnl_status_t status = with_user_scratchpad(&own, attributes);
  if (status == dnnl_success) status = dnnl_primitive_desc_create(out, operation, own, engine, hint);
  if (own) dnnl_primitive_attr_destroy(own);
  return status;
}

dnnl_status_t graft_convolution_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *bias, const graft_memory_descriptor *destination,
    const graft_window *window, const_dnnl_primitive_attr_t attributes) {
  dnnl_convolution_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_dilated_convolution_forward_desc_init(
          &operation, kind, algorithm, VALUE(source), VALUE(weights), VALUE(bias), VALUE(destination),
          window->strides, window->dilations, window->padding_before, window->padding_after),
      attributes, NULL);
}

dnnl_status_t graft_convolution_backward_data(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *destination_gradient, const graft_window *window,
    const_dnnl_primitive_desc_t hint) {
  dnnl_convolution_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_dilated_convolution_backward_data_desc_init(
          &operation, algorithm, VALUE(source_gradient), VALUE(weights),
          VALUE(destination_gradient), window->strides, window->dilations, window->padding_before,
          window->padding_after),
      NULL, hint);
}

dnnl_status_t graft_convolution_backward_weights(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm, const graft_memory_descriptor *source,
    const graft_memory_descriptor *weights_gradient, const graft_memory_descriptor *bias_gradient,
    const graft_memory_descriptor *destination_gradient, const graft_window *window,
    const_dnnl_primitive_desc_t hint) {
  dnnl_convolution_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, algorithm, VALUE(source), VALUE(weights_gradient),
          VALUE(bias_gradient), VALUE(destination_gradient), window->strides, window->dilations,
          window->padding_before, window->padding_after),
      NULL, hint);
}

dnnl_status_t graft_inner_product_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *source, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *bias, const graft_memory_descriptor *destination,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_inner_product_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_inner_product_forward_desc_init(
          &operation, kind, VALUE(source), VALUE(weights), VALUE(bias), VALUE(destination)),
      attributes, NULL);
}

dnnl_status_t graft_inner_product_backward_data(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source_gradient,
    const graft_memory_descriptor *weights, const graft_memory_descriptor *destination_gradient,
    const_dnnl_primitive_desc_t hint) {
  dnnl_inner_product_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_inner_product_backward_data_desc_init(
          &operation, VALUE(source_gradient), VALUE(weights), VALUE(destination_gradient)),
      NULL, hint);
}

dnnl_status_t graft_inner_product_backward_weights(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source,
    const graft_memory_descriptor *weights_gradient, const graft_memory_descriptor *bias_gradient,
    const graft_memory_descriptor *destination_gradient, const_dnnl_primitive_desc_t hint) {
  dnnl_inner_product_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_inner_product_backward_weights_desc_init(
          &operation, VALUE(source), VALUE(weights_gradient), VALUE(bias_gradient),
          VALUE(destination_gradient)),
      NULL, hint);
}

/// 2.x has a second pooling for dilated windows, whose only implementation is slow.
static bool is_dilated(const graft_window *window) {
  return window->dilations[0] != 0 || window->dilations[1] != 0;
}

dnnl_status_t graft_pooling_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *destination,
    const graft_window *window) {
  if (is_dilated(window)) {
    dnnl_pooling_v2_desc_t operation;
    RETURN_DESCRIBED(
        dnnl_pooling_v2_forward_desc_init(
            &operation, kind, algorithm, VALUE(source), VALUE(destination), window->strides, window->kernel,
            window->dilations, window->padding_before, window->padding_after),
        NULL, NULL);
  }
  dnnl_pooling_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_pooling_forward_desc_init(
          &operation, kind, algorithm, VALUE(source), VALUE(destination), window->strides,
          window->kernel, window->padding_before, window->padding_after),
      NULL, NULL);
}

dnnl_status_t graft_pooling_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *destination_gradient,
    const graft_window *window, const_dnnl_primitive_desc_t hint) {
  if (is_dilated(window)) {
    dnnl_pooling_v2_desc_t operation;
    RETURN_DESCRIBED(
        dnnl_pooling_v2_backward_desc_init(
            &operation, algorithm, VALUE(source_gradient), VALUE(destination_gradient), window->strides,
            window->kernel, window->dilations, window->padding_before, window->padding_after),
        NULL, hint);
  }
  dnnl_pooling_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_pooling_backward_desc_init(
          &operation, algorithm, VALUE(source_gradient), VALUE(destination_gradient), window->strides,
          window->kernel, window->padding_before, window->padding_after),
      NULL, hint);
}

dnnl_status_t graft_eltwise_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *data, float alpha, float beta) {
  dnnl_eltwise_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_eltwise_forward_desc_init(&operation, kind, algorithm, VALUE(data), alpha, beta), NULL, NULL);
}

dnnl_status_t graft_eltwise_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, float alpha, float beta,
    const_dnnl_primitive_desc_t hint) {
  dnnl_eltwise_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_eltwise_backward_desc_init(&operation, algorithm, VALUE(gradient), VALUE(data), alpha, beta),
      NULL, hint);
}

dnnl_status_t graft_softmax_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, bool is_logarithmic,
    const graft_memory_descriptor *data, int axis) {
  if (is_logarithmic) {
    dnnl_logsoftmax_desc_t operation;
    RETURN_DESCRIBED(dnnl_logsoftmax_forward_desc_init(&operation, kind, VALUE(data), axis), NULL, NULL);
  }
  dnnl_softmax_desc_t operation;
  RETURN_DESCRIBED(dnnl_softmax_forward_desc_init(&operation, kind, VALUE(data), axis), NULL, NULL);
}

dnnl_status_t graft_softmax_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool is_logarithmic,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, int axis,
    const_dnnl_primitive_desc_t hint) {
  if (is_logarithmic) {
    dnnl_logsoftmax_desc_t operation;
    RETURN_DESCRIBED(
        dnnl_logsoftmax_backward_desc_init(&operation, VALUE(gradient), VALUE(data), axis), NULL, hint);
  }
  dnnl_softmax_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_softmax_backward_desc_init(&operation, VALUE(gradient), VALUE(data), axis), NULL, hint);
}

dnnl_status_t graft_prelu_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, const graft_memory_descriptor *weights) {
  dnnl_prelu_desc_t operation;
  RETURN_DESCRIBED(dnnl_prelu_forward_desc_init(&operation, kind, VALUE(data), VALUE(weights)), NULL, NULL);
}

dnnl_status_t graft_prelu_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *data,
    const graft_memory_descriptor *weights, const graft_memory_descriptor *gradient,
    const graft_memory_descriptor *weights_gradient, const_dnnl_primitive_desc_t hint) {
  dnnl_prelu_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_prelu_backward_desc_init(
          &operation, VALUE(data), VALUE(weights), VALUE(gradient), VALUE(weights_gradient)),
      NULL, hint);
}

dnnl_status_t graft_lrn_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, int size, float alpha, float beta, float k) {
  dnnl_lrn_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_lrn_forward_desc_init(
          &operation, kind, dnnl_lrn_across_channels, VALUE(data), size, alpha, beta, k),
      NULL, NULL);
}

dnnl_status_t graft_lrn_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *gradient,
    const graft_memory_descriptor *data, int size, float alpha, float beta, float k,
    const_dnnl_primitive_desc_t hint) {
  dnnl_lrn_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_lrn_backward_desc_init(
          &operation, dnnl_lrn_across_channels, VALUE(gradient), VALUE(data), size, alpha, beta, k),
      NULL, hint);
}

dnnl_status_t graft_resampling_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *destination) {
  dnnl_resampling_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_resampling_forward_desc_init(
          &operation, kind, algorithm, NULL, VALUE(source), VALUE(destination)),
      NULL, NULL);
}

dnnl_status_t graft_resampling_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *destination_gradient,
    const_dnnl_primitive_desc_t hint) {
  dnnl_resampling_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_resampling_backward_desc_init(
          &operation, algorithm, NULL, VALUE(source_gradient), VALUE(destination_gradient)),
      NULL, hint);
}

dnnl_status_t graft_batch_normalization_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, float epsilon, unsigned flags) {
  dnnl_batch_normalization_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_batch_normalization_forward_desc_init(&operation, kind, VALUE(data), epsilon, flags), NULL, NULL);
}

dnnl_status_t graft_batch_normalization_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, float epsilon,
    unsigned flags, const_dnnl_primitive_desc_t hint) {
  dnnl_batch_normalization_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_batch_normalization_backward_desc_init(
          &operation, kind, VALUE(gradient), VALUE(data), epsilon, flags),
      NULL, hint);
}

bool graft_batch_normalization_backward_takes_shift(void) { return true; }

dnnl_status_t graft_binary(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *a, const graft_memory_descriptor *b,
    const graft_memory_descriptor *destination, const_dnnl_primitive_attr_t attributes) {
  dnnl_binary_desc_t operation;
  RETURN_DESCRIBED(
      dnnl_binary_desc_init(&operation, algorithm, VALUE(a), VALUE(b), VALUE(destination)), attributes,
      NULL);
}

/// oneDNN 2.x wants the descriptors of many sources side by side.
static dnnl_memory_desc_t *side_by_side(int count, const graft_memory_descriptor *const *sources) {
  dnnl_memory_desc_t *values = malloc((size_t)count * sizeof *values);
  for (int i = 0; values && i < count; i++) values[i] = sources[i]->value;
  return values;
}

dnnl_status_t graft_concat(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, int axis, int count,
    const graft_memory_descriptor *const *sources) {
  dnnl_memory_desc_t *values = side_by_side(count, sources);
  if (!values) return dnnl_out_of_memory;
  dnnl_primitive_attr_t own = NULL;
  dnnl_status_t status = with_user_scratchpad(&own, NULL);
  if (status == dnnl_success) {
    status = dnnl_concat_primitive_desc_create(out, NULL, count, axis, values, own, engine);
  }
  if (own) dnnl_primitive_attr_destroy(own);
  free(values);
  return status;
}

dnnl_status_t graft_reorder(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source,
    const graft_memory_descriptor *destination) {
  dnnl_primitive_attr_t own = NULL;
  dnnl_status_t status = with_user_scratchpad(&own, NULL);
  if (status == dnnl_success) {
    status = dnnl_reorder_primitive_desc_create(out, VALUE(source), engine, VALUE(destination), engine, own);
  }
  if (own) dnnl_primitive_attr_destroy(own);
  return status;
}

#endif
