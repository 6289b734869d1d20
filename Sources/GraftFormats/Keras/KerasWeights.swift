import Foundation
import GraftTensors

/// The layers of a weight file as Keras 1, Keras 2 and tf.keras write them to HDF5: names and tensors in the file's
/// order, which for most published files is the only key to them.
///
/// A plain value. Its tensors keep the file's own layout (`[height, width, in, out]` for the kernels of a TensorFlow-order
/// file) and element type, and lie in the mapped file where they can.
public struct KerasWeights: Sendable {
  public struct Layer: Sendable {
    /// May hold '/': `fire2/squeeze1x1`.
    public let name: String
    /// In the file's order: kernel before bias; gamma, beta, moving mean, moving variance. Empty for a pooling layer.
    public let weights: [(name: String, tensor: Tensor)]

    public init(name: String, weights: [(name: String, tensor: Tensor)]) {
      self.name = name
      self.weights = weights
    }
  }

  public let layers: [Layer]
  /// `2.2.4-tf`; nil in files of Keras 1, which do not say.
  public let kerasVersion: String?
  /// `tensorflow`, `theano`; nil in files of Keras 1.
  public let backend: String?
  /// The network as Keras describes it, in JSON; nil in a file of weights only.
  public let modelConfiguration: String?
  /// Whether the file also says how the model was trained.
  public let hasTrainingConfiguration: Bool

  public init(
    layers: [Layer], kerasVersion: String? = nil, backend: String? = nil, modelConfiguration: String? = nil,
    hasTrainingConfiguration: Bool = false
  ) {
    self.layers = layers
    self.kerasVersion = kerasVersion
    self.backend = backend
    self.modelConfiguration = modelConfiguration
    self.hasTrainingConfiguration = hasTrainingConfiguration
  }
}
