import CDNNL

/// What convolutions and dense layers multiply. Sums are float32 in both, and so are the numbers that training moves,
/// statistics, scores and the loss.
public enum Precision: String, Hashable, Sendable, Codable, CaseIterable {
  case float32 = "fp32"
  /// float32 with 8 bits of fraction less 1: half the memory, and on processors that have it twice the rate.
  case bfloat16 = "bf16"

  /// Whether this processor multiplies so of itself; elsewhere bfloat16 is imitated, slowly, or cannot be had.
  public var isNative: Bool {
    switch self {
    case .float32: return true
    case .bfloat16:
      let isa = dnnl_get_effective_cpu_isa().rawValue
      return isa & dnnl_cpu_isa_avx512_core_bf16.rawValue == dnnl_cpu_isa_avx512_core_bf16.rawValue
    }
  }

  var elementType: ElementType { self == .float32 ? .float32 : .bfloat16 }
}
