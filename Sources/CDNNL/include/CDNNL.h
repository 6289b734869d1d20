// oneDNN for Swift: every call whose form differs between oneDNN 2.x and 3.x, in one place.
//
// In 2.x a memory descriptor is a 600-byte struct and each primitive has an "operation descriptor"; in 3.x the former is
// a handle and the latter are gone. Swift sees the 3.x shape of both. The rest of the C API is imported as it is.
#pragma once
#include <oneapi/dnnl/dnnl.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct graft_memory_descriptor graft_memory_descriptor;

/// Where a window (of a convolution or a pooling) lies: heights first, then widths.
typedef struct {
  dnnl_dims_t kernel, strides, dilations, padding_before, padding_after;
} graft_window;

// Memory descriptors. Constructors return NULL when oneDNN refuses.

/// `strides` in elements; NULL leaves the layout to the primitive ("any").
graft_memory_descriptor *graft_memory_descriptor_create(
    int rank, const dnnl_dim_t *dims, dnnl_data_type_t type, const dnnl_dim_t *strides);
graft_memory_descriptor *graft_memory_descriptor_of_region(
    const graft_memory_descriptor *parent, const dnnl_dim_t *dims, const dnnl_dim_t *offsets);
graft_memory_descriptor *graft_memory_descriptor_query(
    const_dnnl_primitive_desc_t primitive, dnnl_query_t what, int index);
void graft_memory_descriptor_destroy(graft_memory_descriptor *descriptor);
bool graft_memory_descriptor_equal(const graft_memory_descriptor *a, const graft_memory_descriptor *b);
size_t graft_memory_descriptor_byte_count(const graft_memory_descriptor *descriptor);
dnnl_data_type_t graft_memory_descriptor_data_type(const graft_memory_descriptor *descriptor);

dnnl_status_t graft_memory_create(
    dnnl_memory_t *memory, const graft_memory_descriptor *descriptor, dnnl_engine_t engine, void *bytes);

/// Appends the addition of what lies at the destination.
dnnl_status_t graft_post_ops_append_sum(dnnl_post_ops_t operations);
dnnl_status_t graft_post_ops_append_eltwise(
    dnnl_post_ops_t operations, dnnl_alg_kind_t algorithm, float alpha, float beta);

/// A function of a single number whose name or constants differ between the versions.
typedef struct {
  dnnl_alg_kind_t algorithm;
  float alpha, beta;
} graft_eltwise;

/// x · min(max(0, x / 6 + 1/2), 1).
graft_eltwise graft_hard_swish(void);
/// ln(1 / (1 + e^(−x))).
graft_eltwise graft_log_sigmoid(void);

// Primitive descriptors. A NULL bias means none; `hint` is the matching forward descriptor. All want their scratch memory
// as an argument.

/// `algorithm` is `dnnl_convolution_direct` or `dnnl_convolution_winograd`.
dnnl_status_t graft_convolution_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *bias, const graft_memory_descriptor *destination,
    const graft_window *window, const_dnnl_primitive_attr_t attributes);
dnnl_status_t graft_convolution_backward_data(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *destination_gradient, const graft_window *window,
    const_dnnl_primitive_desc_t hint);
dnnl_status_t graft_convolution_backward_weights(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm, const graft_memory_descriptor *source,
    const graft_memory_descriptor *weights_gradient, const graft_memory_descriptor *bias_gradient,
    const graft_memory_descriptor *destination_gradient, const graft_window *window,
    const_dnnl_primitive_desc_t hint);

dnnl_status_t graft_inner_product_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *source, const graft_memory_descriptor *weights,
    const graft_memory_descriptor *bias, const graft_memory_descriptor *destination,
    const_dnnl_primitive_attr_t attributes);
dnnl_status_t graft_inner_product_backward_data(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source_gradient,
    const graft_memory_descriptor *weights, const graft_memory_descriptor *destination_gradient,
    const_dnnl_primitive_desc_t hint);
dnnl_status_t graft_inner_product_backward_weights(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source,
    const graft_memory_descriptor *weights_gradient, const graft_memory_descriptor *bias_gradient,
    const graft_memory_descriptor *destination_gradient, const_dnnl_primitive_desc_t hint);

dnnl_status_t graft_pooling_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *destination,
    const graft_window *window);
dnnl_status_t graft_pooling_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *destination_gradient,
    const graft_window *window, const_dnnl_primitive_desc_t hint);

dnnl_status_t graft_eltwise_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *data, float alpha, float beta);
dnnl_status_t graft_eltwise_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, float alpha, float beta,
    const_dnnl_primitive_desc_t hint);

/// `is_logarithmic` asks for the logarithm of softmax.
dnnl_status_t graft_softmax_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, bool is_logarithmic,
    const graft_memory_descriptor *data, int axis);
dnnl_status_t graft_softmax_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, bool is_logarithmic,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, int axis,
    const_dnnl_primitive_desc_t hint);

dnnl_status_t graft_prelu_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, const graft_memory_descriptor *weights);
dnnl_status_t graft_prelu_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *data,
    const graft_memory_descriptor *weights, const graft_memory_descriptor *gradient,
    const graft_memory_descriptor *weights_gradient, const_dnnl_primitive_desc_t hint);

/// Local response normalisation across channels: x / (k + alpha / size · Σ x²)^beta.
dnnl_status_t graft_lrn_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, int size, float alpha, float beta, float k);
dnnl_status_t graft_lrn_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *gradient,
    const graft_memory_descriptor *data, int size, float alpha, float beta, float k,
    const_dnnl_primitive_desc_t hint);

dnnl_status_t graft_resampling_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source, const graft_memory_descriptor *destination);
dnnl_status_t graft_resampling_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *source_gradient, const graft_memory_descriptor *destination_gradient,
    const_dnnl_primitive_desc_t hint);

/// `flags` are oneDNN's `dnnl_normalization_flags_t`. Source and destination share a layout.
dnnl_status_t graft_batch_normalization_forward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *data, float epsilon, unsigned flags);
dnnl_status_t graft_batch_normalization_backward(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_prop_kind_t kind,
    const graft_memory_descriptor *gradient, const graft_memory_descriptor *data, float epsilon,
    unsigned flags, const_dnnl_primitive_desc_t hint);
/// Whether that backward pass wants the shift as an argument: 2.x fails without it, 3.x fails with it.
bool graft_batch_normalization_backward_takes_shift(void);

dnnl_status_t graft_binary(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_alg_kind_t algorithm,
    const graft_memory_descriptor *a, const graft_memory_descriptor *b,
    const graft_memory_descriptor *destination, const_dnnl_primitive_attr_t attributes);
dnnl_status_t graft_concat(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, int axis, int count,
    const graft_memory_descriptor *const *sources);
dnnl_status_t graft_reorder(
    dnnl_primitive_desc_t *out, dnnl_engine_t engine, const graft_memory_descriptor *source,
    const graft_memory_descriptor *destination);

/// What a primitive is; 2.x has second forms of some kinds, which count as the first.
dnnl_primitive_kind_t graft_primitive_kind(const_dnnl_primitive_desc_t primitive);
