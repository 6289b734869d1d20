import Foundation
import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors

/// Makes a graph and its parameters of a Keras model: what its configuration says, and the weights that go with it.
///
/// ```swift
/// let file = try KerasModelFile(contentsOf: URL(filePath: "model.keras"))
/// let network = try KerasImporter(file, name: "model.keras")?.network()
/// ```
public struct KerasImporter: Sendable {
  /// JSON, as `Model.to_json()` or a full-model file has it.
  public var configuration: String
  public var weights: KerasModelFile.Weights
  /// The file's name, for messages.
  public var name: String
  /// `2.4.0`, as the file says; nil where it does not.
  public var kerasVersion: String?
  /// `tensorflow`, `theano`, …, as the file says; nil where it does not.
  public var backend: String?
  /// The size of the images, where the configuration leaves it open.
  public var inputSize: Size2D?

  public init(
    configuration: String, weights: KerasModelFile.Weights, name: String, kerasVersion: String? = nil,
    backend: String? = nil,
    inputSize: Size2D? = nil
  ) {
    self.configuration = configuration
    self.weights = weights
    self.name = name
    self.kerasVersion = kerasVersion
    self.backend = backend
    self.inputSize = inputSize
  }

  /// - Parameters:
  ///   - configuration: the network in JSON; what the file has of it where nil.
  ///   - name: the file's, for messages.
  /// - Returns: nil where neither says what network the weights are of.
  public init?(_ file: KerasModelFile, configuration: String? = nil, name: String, inputSize: Size2D? = nil) {
    guard let configuration = configuration ?? file.configuration else { return nil }
    self.init(
      configuration: configuration, weights: file.weights, name: name, kerasVersion: file.kerasVersion,
      backend: file.backend, inputSize: inputSize)
  }

  /// The network.
  ///
  /// - Throws: `ImportError`: where the configuration is damaged, names layers that a graph cannot express (all of them at
  ///   once), or the weights do not fit it.
  public func network() throws(ImportError) -> KerasNetwork {
    let configuration = try parsed()
    let model = configuration.model
    guard let layout = model.layout else {
      throw .kerasConfiguration(
        file: name, layer: nil, reason: "some of its layers have the channels last, others first; one order is needed")
    }
    let ranOnTheano = ranOnTheano(configuration)
    var builder = KerasGraphBuilder(
      writer: KerasGraphWriter(
        layout: layout, generation: configuration.generation, ranOnTheano: ranOnTheano, names: KerasNames(of: model)),
      inputSize: inputSize)
    builder.build(model)
    guard builder.problems.isEmpty else { throw .kerasLayers(file: name, problems: builder.problems) }
    let layers = model.weightedLayers(builder.writer.slots)
    let assignments =
      switch weights {
      case .layers(let groups): try KerasGroups(groups: groups, layers: layers, fileName: name).assignments()
      case .variables(let variables):
        try KerasPaths(variables: variables, model: model, layers: layers, fileName: name).assignments()
      }
    var (parameters, statistics, report) = try KerasTensorBinder(
      assignments: assignments, fileName: name, isFlipped: ranOnTheano
    ).bind()
    parameters.merge(builder.writer.constants)
    let graph = try settingStatistics(statistics, in: builder.writer.graph)
    return KerasNetwork(
      graph: graph, parameters: parameters, report: report, isChannelsLast: layout.isChannelsLast,
      architecture: Architecture.matching(graph))
  }

  private func parsed() throws(ImportError) -> KerasConfiguration {
    do {
      return try KerasConfiguration(parsing: configuration, kerasVersion: kerasVersion)
    } catch {
      switch error {
      case .unreadable(let reason): throw .kerasConfiguration(file: name, layer: nil, reason: reason)
      case .layer(let layer, let reason): throw .kerasConfiguration(file: name, layer: layer, reason: reason)
      }
    }
  }

  /// Whether the numbers were learnt by Theano, whose convolution turns the kernel round.
  ///
  /// Keras 2 names the backend. Keras 1 does not; but its TensorFlow names every variable with `:0` behind, and its Theano
  /// does not, and published files say the kernels' order in their names.
  private func ranOnTheano(_ configuration: KerasConfiguration) -> Bool {
    if let backend { return backend == "theano" }
    guard configuration.generation == .one, case .layers(let groups) = weights else { return false }
    if name.contains("tf_kernels") { return false }
    if name.contains("th_kernels") { return true }
    let names = groups.flatMap { $0.weights.map(\.name) }
    return !names.isEmpty && !names.contains { $0.hasSuffix(":0") }
  }

  /// Gives the normalisations whose numbers stand in the weight file their numbers.
  private func settingStatistics(
    _ statistics: [String: KerasTensorBinder.Statistics], in graph: LayerGraph
  ) throws(ImportError) -> LayerGraph {
    if statistics.isEmpty { return graph }
    do {
      return try graph.rebuilt { node in
        guard var layer = node.layer as? Normalization, let numbers = statistics[node.name] else { return node.layer }
        layer.mean = numbers.mean
        layer.variance = numbers.variance
        return layer
      }
    } catch {
      throw .kerasConfiguration(file: name, layer: nil, reason: "\(error)")
    }
  }
}

/// What a Keras model came to.
public struct KerasNetwork: Sendable {
  public let graph: LayerGraph
  public let parameters: Parameters
  public let report: LoadReport
  /// Whether Keras fed the model images of `[height, width, channels]`; the graph takes `[channels, height, width]`.
  public let isChannelsLast: Bool
  /// The network known by name that this is, with or without a classifier of its own.
  public let architecture: Architecture?
}
