import GraftGraph

/// From an operator to the layers that do the same; one file a family.
enum ONNXOperators {
  /// - Returns: what the operator's outputs are.
  /// - Throws: `ONNXRefusal` or `GraphError` where no layer does that.
  typealias Converter = @Sendable (ONNXOperation, inout ONNXGraphBuilder) throws -> [ONNXOperand]

  static let converters: [String: Converter] = [
    convolutions, dense, normalizations, poolings, activations, arithmetic, shapes, slices, paddings, reductions,
    resizings, identities,
  ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

  /// Why operators that are met with are not supported; clauses.
  static let reasons: [String: String] = [
    [
      "branches and loops are no part of a layer graph": ["If", "Loop", "Scan"],
      "recurrent layers are no part of image networks": ["LSTM", "GRU", "RNN"],
      "quantised networks are not supported; take the file from before quantisation": [
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "ConvInteger", "MatMulInteger", "QLinearConv",
        "QLinearMatMul",
      ],
      "transposed convolutions are not supported": ["ConvTranspose", "DeformConv", "MaxUnpool"],
      "it gives positions and no activations": ["ArgMax", "ArgMin", "TopK", "NonZero"],
      "it finds objects rather than classifies images": ["NonMaxSuppression", "RoiAlign", "MaxRoiPool"],
      "it normalises each image by its own statistics, which no layer does yet": [
        "InstanceNormalization", "LayerNormalization", "GroupNormalization", "MeanVarianceNormalization",
        "RMSNormalization",
      ],
      "attention is no part of convolutional networks": ["Attention", "Einsum", "MultiHeadAttention"],
      "it draws random numbers": [
        "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Multinomial", "Bernoulli",
      ],
    ].map { ($0, $1) }
  ].joined().reduce(into: [:]) { table, entry in for name in entry.1 { table[name] = entry.0 } }
}
