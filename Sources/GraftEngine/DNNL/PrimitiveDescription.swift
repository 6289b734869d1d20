import CDNNL

/// What oneDNN says of a primitive that it has made. Asked for when somebody wants to know; nothing of it is kept.
@EngineActor
struct PrimitiveDescription {
  private let handle: const_dnnl_primitive_desc_t

  init(_ handle: const_dnnl_primitive_desc_t) {
    self.handle = handle
  }

  /// The name of the implementation that oneDNN has chosen: `brgconv:avx512_core_bf16`.
  var implementation: String {
    query(dnnl_query_impl_info_str, UnsafePointer<CChar>?.none).flatMap { $0.map { String(cString: $0) } } ?? ""
  }

  var kind: dnnl_primitive_kind_t { graft_primitive_kind(handle) }

  /// Which pass it belongs to; undefined for what is neither forward nor backward, such as a reorder.
  var propagation: dnnl_prop_kind_t { query(dnnl_query_prop_kind, dnnl_prop_kind_undef) ?? dnnl_prop_kind_undef }

  /// - Parameter initial: of the type that oneDNN writes for this query.
  private func query<Value>(_ what: dnnl_query_t, _ initial: Value) -> Value? {
    var value = initial
    let status = withUnsafeMutablePointer(to: &value) { dnnl_primitive_desc_query(handle, what, 0, $0) }
    return status == dnnl_success ? value : nil
  }
}
