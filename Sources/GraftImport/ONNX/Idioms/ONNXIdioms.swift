import GraftGraph

/// What exporters write in several operators and Graft has one layer for: rewritten, so that the network trains as the one
/// that was exported.
enum ONNXIdioms {
  private static let passes: [(name: String, apply: @Sendable (inout NetworkDraft) -> Int)] = [
    ("scalings merged", mergeRescalings),
    ("hard sigmoids and hard swishes recognised", recogniseHardFunctions),
    ("swishes recognised", recogniseGatedFunctions),
    ("GELUs recognised", recogniseGELU),
    ("leaky ReLUs recognised", recogniseLeakyReLU),
    ("normalisations to unit length recognised", recogniseUnitNormalizations),
    ("biases joined to the layer before", joinBiases),
    ("decomposed batch normalisations recognised", recogniseNormalizations),
    ("paddings joined to the pooling after", joinPaddings),
    ("flattenings joined to the global pooling before", joinFlattenings),
  ]

  /// Applies all.
  ///
  /// - Returns: what was done, for the report.
  static func apply(to draft: inout NetworkDraft) -> [String] {
    passes.compactMap { pass in
      let count = pass.apply(&draft)
      return count > 0 ? "\(count) \(pass.name)" : nil
    }
  }
}
