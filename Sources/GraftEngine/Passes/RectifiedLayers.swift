import GraftGraph
import GraftTensors

/// A batch normalisation with a ReLU after it, which oneDNN computes in one pass: what `FuseActivations` makes; no file
/// holds one.
struct RectifiedNormalization: Layer {
  static let kind = "RectifiedNormalization"
  var base: BatchNormalization

  var name: String {
    get { base.name }
    set { base.name = newValue }
  }

  func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape { try base.outputShape(of: inputs) }

  func parameters(for inputs: [Shape]) throws(GraphError) -> [ParameterSpecification] {
    try base.parameters(for: inputs)
  }
}

/// A sum with a ReLU after it, in one pass as well.
struct RectifiedSum: Layer {
  static let kind = "RectifiedSum"
  var base: Add

  var name: String {
    get { base.name }
    set { base.name = newValue }
  }

  func outputShape(of inputs: [Shape]) throws(GraphError) -> Shape { try base.outputShape(of: inputs) }
}
