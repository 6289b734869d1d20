import GraftTensors

/// A model as a configuration describes it: layers, and which output of which layer feeds which.
///
/// All generations of Keras come to this: what differs between them is gone but for the layers' own options.
struct KerasModel: Hashable, Sendable {
  /// One result of one call of a layer; `keras_history` in Keras 3.
  struct TensorReference: Hashable, Sendable {
    var layer: String
    /// Which call of the layer, from 0 on.
    var call: Int
    /// Which of that call's results.
    var output: Int
  }

  var name: String
  /// In the file's order, which is also that of its weights.
  var layers: [KerasLayer]
  var inputs: [TensorReference]
  var outputs: [TensorReference]
  var isTrainable: Bool
}

/// A layer of a model: its class, its options, and every call of it.
struct KerasLayer: Hashable, Sendable {
  var name: String
  var className: String
  /// Whether this is a function of Keras 3, such as the one behind `x / 127.5`, rather than a layer. Both may be an `Add`.
  var isOperation = false
  var options: [String: KerasValue]
  var calls: [KerasCall]
  /// Where the layer is itself a model.
  var model: KerasModel?

  var isTrainable: Bool { options["trainable"]?.bool ?? model?.isTrainable ?? true }
}

/// One use of a layer: what it is given.
struct KerasCall: Hashable, Sendable {
  /// An argument: a tensor, several, or a constant out of the configuration.
  indirect enum Argument: Hashable, Sendable {
    case tensor(KerasModel.TensorReference)
    case list([Argument])
    case constant(KerasValue)

    var tensors: [KerasModel.TensorReference] {
      switch self {
      case .tensor(let reference): [reference]
      case .list(let arguments): arguments.flatMap(\.tensors)
      case .constant: []
      }
    }

    func renamingTensors(_ rename: (KerasModel.TensorReference) -> KerasModel.TensorReference) -> Argument {
      switch self {
      case .tensor(let reference): .tensor(rename(reference))
      case .list(let arguments): .list(arguments.map { $0.renamingTensors(rename) })
      case .constant: self
      }
    }
  }

  var arguments: [Argument]
  var keywords: [String: Argument]

  /// Every tensor that is needed before the call can be made: those of positions first, then by the keywords' names.
  var tensors: [KerasModel.TensorReference] {
    arguments.flatMap(\.tensors) + keywords.sorted { $0.key < $1.key }.flatMap(\.value.tensors)
  }

  /// The same call of other tensors.
  func renamingTensors(_ rename: (KerasModel.TensorReference) -> KerasModel.TensorReference) -> KerasCall {
    KerasCall(
      arguments: arguments.map { $0.renamingTensors(rename) },
      keywords: keywords.mapValues { $0.renamingTensors(rename) })
  }

  /// A call with one tensor.
  init(_ reference: KerasModel.TensorReference) {
    arguments = [.tensor(reference)]
    keywords = [:]
  }

  init(arguments: [Argument], keywords: [String: Argument] = [:]) {
    self.arguments = arguments
    self.keywords = keywords
  }
}
