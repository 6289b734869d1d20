/// Which layers of Keras are known, and who converts them.
enum KerasLayerTable {
  /// By Keras's class name; a family a file. Keras 1's names stand beside today's.
  private static let layers: [String: KerasConverter] = [
    KerasConvolutions.converters, KerasDense.converters, KerasPooling.converters, KerasNormalizations.converters,
    KerasActivationLayers.converters, KerasMerging.converters, KerasReshaping.converters, KerasResizing.converters,
    KerasScaling.converters, KerasIdentities.converters,
  ].reduce(into: [:]) { table, family in table.merge(family) { first, _ in first } }

  static func converter(for layer: KerasLayer) -> KerasConverter? {
    if layer.isOperation { return KerasOperations.converter(kerasThree: layer.className) }
    switch layer.className {
    case "TensorFlowOpLayer": return KerasOperations.converter(tensorFlowNode: layer.options)
    case "TFOpLambda", "SlicingOpLambda":
      return KerasOperations.converter(tensorFlow: layer.options["function"]?.text ?? "")
    case "Lambda": return KerasLambda.converter(for: layer)
    default: return layers[layer.className]
    }
  }

  /// Why a layer without a converter is refused.
  static func reason(refusing layer: KerasLayer) -> String {
    if layer.className == "Lambda" { return "it is Python code, which only Python can run" }
    if let function = layer.options["function"]?.text, layer.className.hasSuffix("OpLambda") {
      return "the TensorFlow function \(function) is not known"
    }
    if layer.className == "TensorFlowOpLayer" { return "its TensorFlow operation is not known" }
    if layer.isOperation { return "the function keras.ops.\(layer.className) is not known" }
    if sequences.contains(where: layer.className.contains) {
      return "it works on sequences or volumes, so this is no network for images"
    }
    if known.contains(layer.className) { return "layers of this class are not supported" }
    return "the class is not one of Keras's own; its code is not in the file"
  }

  private static let sequences = [
    "1D", "3D", "LSTM", "GRU", "RNN", "Embedding", "TimeDistributed", "Bidirectional", "TextVectorization",
    "StringLookup", "IntegerLookup", "Masking", "RepeatVector",
  ]

  /// Classes of Keras that have no counterpart in a graph.
  private static let known: Set<String> = [
    "Attention", "MultiHeadAttention", "AdditiveAttention", "GroupedQueryAttention", "LayerNormalization",
    "GroupNormalization", "UnitNormalization", "SpectralNormalization", "Conv2DTranspose", "Deconvolution2D",
    "LocallyConnected2D", "Dot", "MaxoutDense", "Highway", "EinsumDense", "CategoryEncoding", "Discretization",
    "Hashing", "HashedCrossing", "Layer", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper",
    "ReversibleEmbedding",
    "RMSNormalization", "AdaptiveAveragePooling2D", "AdaptiveMaxPooling2D",
  ]
}
