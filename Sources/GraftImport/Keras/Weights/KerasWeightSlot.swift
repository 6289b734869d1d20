import GraftGraph
import GraftTensors

/// A place for one tensor of the weight file.
struct KerasWeightSlot: Hashable, Sendable {
  enum Target: Hashable, Sendable {
    case parameter(ParameterSpecification)
    /// A number for each channel of a `Normalization`, which are part of the graph and not of its parameters.
    case mean(node: String, channels: Int)
    case variance(node: String, channels: Int)
    /// Something that inference does without: how many images a `Normalization` has seen.
    case ignored(name: String)
  }

  var target: Target
  var layout: KerasTensorLayout

  init(_ target: Target, layout: KerasTensorLayout = .same) {
    self.target = target
    self.layout = layout
  }

  /// The shape that the file's tensor must have; nil where any will do.
  var fileShape: Shape? {
    switch target {
    case .parameter(let parameter): layout.fileShape(parameter.shape)
    case .mean(_, let channels), .variance(_, let channels): [channels]
    case .ignored: nil
    }
  }

  /// Whether Keras lists it among the weights that no gradient trains.
  var isStatistic: Bool {
    if case .parameter(let parameter) = target { parameter.isStatistic } else { true }
  }

  /// What the tensor may be called in the file, after the layer's name: Keras 2 and 3, then Keras 1.
  var fileNames: [String] {
    switch target {
    case .parameter(let parameter):
      switch parameter.role {
      case .kernel: ["kernel", "depthwise_kernel", "W"]
      case .bias: ["bias", "b"]
      case .gamma: ["gamma"]
      case .beta: ["beta"]
      case .movingMean: ["moving_mean", "running_mean"]
      // Keras 1's “running_std” holds the variance.
      case .movingVariance: ["moving_variance", "running_std"]
      case .alpha: ["alpha", "alphas"]
      case .depthwiseKernel: ["depthwise_kernel"]
      case .pointwiseKernel: ["pointwise_kernel"]
      case .value: ["value"]
      }
    case .mean: ["mean"]
    case .variance: ["variance"]
    case .ignored(let name): [name]
    }
  }

  /// What messages call it.
  var name: String {
    switch target {
    case .parameter(let parameter): parameter.name
    case .mean(let node, _): "\(node)/mean"
    case .variance(let node, _): "\(node)/variance"
    case .ignored(let name): name
    }
  }
}

/// A layer with weights: where it lies in the model, and what it wants in the file's order.
struct KerasWeightedLayer: Hashable, Sendable {
  var path: KerasNames.Path
  var className: String
  var isTrainable: Bool
  var slots: [KerasWeightSlot]

  var name: String { path[path.count - 1] }
}
