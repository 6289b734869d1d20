import Foundation
import GraftTensors

/// A file that Keras wrote, of whatever age and kind: what it says of the network, and the weights.
///
/// | file | configuration | weights |
/// |---|---|---|
/// | `model.h5`, `.hdf5` (Keras 1, 2, tf.keras, Keras 3) | yes | `layers` |
/// | weights only, `.h5` (Keras 1, 2, tf.keras) | no | `layers` |
/// | `.weights.h5` (Keras 3) | no | `variables` |
/// | `.keras` (Keras 3) | yes | `variables` |
///
/// The optimizer's state is left out.
public struct KerasModelFile: Sendable {
  public enum Weights: Sendable {
    /// As Keras 1 and 2 lay them out: by the layers of the model, in their order. A nested model is one layer here, with
    /// the weights of all its layers.
    case layers([KerasWeights.Layer])
    /// As Keras 3 does.
    case variables(KerasVariables)
  }

  public enum Kind: String, Sendable {
    /// HDF5 with the network in it.
    case model
    /// HDF5 without.
    case weights
    /// `.keras`.
    case archive
  }

  public let kind: Kind
  /// The network as Keras describes it, in JSON, as it stands in the file; nil in a file of weights only.
  public let configuration: String?
  /// `2.2.4-tf`, `3.3.3`; nil where the file does not say.
  public let kerasVersion: String?
  /// `tensorflow`, `theano`; nil where the file does not say.
  public let backend: String?
  /// Whether the file also says how the model was trained.
  public let hasTrainingConfiguration: Bool
  public let weights: Weights
  /// What Graft itself wrote into the file beside the model, in JSON: `graft.labels`, `graft.preprocessing`.
  public let notes: [String: String]

  /// Reads a file.
  ///
  /// - Parameter reading: who calls the HDF5 library; see there what a damaged file can do.
  /// - Throws: `FormatError` where the file cannot be read, was not written by Keras, is cut off or damaged.
  public init(contentsOf url: URL, reading: HDF5Reading = .preferred) throws {
    let file = try MappedFile(url)
    let signature = file.signature
    // Archives that something else has packed have their entries in another order, and so another signature.
    if signature == .kerasArchive || signature == .zip {
      try self.init(archive: ZipArchive(file), reading: reading)
    } else {
      try file.require(.hdf5, expected: "a Keras model or weights file")
      try self.init(HDF5Tree(file, at: file.path, elements: KerasWeights.elements, reading: reading))
    }
  }

  /// Takes a file that was read already.
  ///
  /// - Parameter tree: with at least `KerasWeights.elements`.
  /// - Throws: `FormatError` where Keras did not write the file, or it is damaged.
  public init(_ tree: HDF5Tree) throws {
    if let file = try KerasWeights(tree) {
      self.init(
        kind: file.modelConfiguration == nil ? .weights : .model, configuration: file.modelConfiguration,
        kerasVersion: file.kerasVersion, backend: file.backend,
        hasTrainingConfiguration: file.hasTrainingConfiguration, weights: .layers(file.layers),
        notes: Self.notes(tree.root))
    } else if let variables = try KerasVariables(tree) {
      self.init(kind: .weights, weights: .variables(variables))
    } else {
      throw FormatError.notKerasWeights(path: tree.file.path, found: tree.root.memberNames)
    }
  }

  init(
    kind: Kind, configuration: String? = nil, kerasVersion: String? = nil, backend: String? = nil,
    hasTrainingConfiguration: Bool = false, weights: Weights, notes: [String: String] = [:]
  ) {
    self.kind = kind
    self.configuration = configuration
    self.kerasVersion = kerasVersion
    self.backend = backend
    self.hasTrainingConfiguration = hasTrainingConfiguration
    self.weights = weights
    self.notes = notes
  }

  private static func notes(_ root: HDF5Tree.Object) -> [String: String] {
    root.attributes.filter { $0.key.hasPrefix("graft.") }.compactMapValues { attribute in
      if case .texts(let texts) = attribute { texts.first } else { nil }
    }
  }
}
