import Foundation
import GraftFormats
import GraftGraph

/// Writes networks as whole models of Keras: what `keras.models.load_model` takes.
///
/// A name that ends in `.keras` gives the archive of Keras 3; any other an HDF5 file, which Keras 3, Keras 2 and tf.keras
/// read. Images come in with the channels last, `[N, H, W, C]`, as Keras has them, and layers bear their names with `_`
/// for what Keras does not allow there. The labels and the preprocessing, in JSON, are the attributes `graft.labels` and
/// `graft.preprocessing` of the HDF5 file's root, and entries of the archive's `metadata.json`; Keras looks at neither.
public struct KerasExporter: Sendable {
  public init() {}

  /// Writes the file whole or not at all.
  ///
  /// - Throws: `ExportError.unsupportedLayers` with all layers that Keras has no form for, `.missingParameter`;
  ///   `FormatError` where the file cannot be written.
  public func write(_ model: ExportedModel, to url: URL) throws {
    let keras = try kerasModel(of: model)
    let extras = try Extras(model)
    if url.pathExtension.lowercased() == "keras" {
      try keras.writeArchive(extras, to: url)
    } else {
      try keras.hdf5(extras).write(to: url)
    }
  }

  /// The network as Keras has it. Tensors are shared, not copied.
  func kerasModel(of model: ExportedModel) throws -> KerasModel {
    let graph = model.graph
    var builder = KerasBuilder(model.parameters)
    var values: [String: KerasBuilder.Value] = [:]
    var unsupported: [UnsupportedLayer] = []
    let needed = graph.needed
    for node in graph.nodes where needed.contains(node.name) || node.layer is InputLayer {
      builder.begin(node)
      do {
        values[node.name] = try export(node, of: model, values, to: &builder)
      } catch let reason as Inexpressible {
        unsupported.append(
          UnsupportedLayer(name: node.name, kind: type(of: node.layer).kind, reason: reason.description))
        // What stands in its place, so that the layers after it are looked at too.
        values[node.name] = builder.addInput(node.shape)
      }
    }
    guard unsupported.isEmpty else { throw ExportError.unsupportedLayers(format: "Keras", layers: unsupported) }
    var outputs: [KerasBuilder.Value] = []
    for name in graph.outputs {
      let node = try graph.node(name)
      guard let value = values[name] else {
        throw ExportError.unsupportedLayers(
          format: "Keras",
          layers: [
            UnsupportedLayer(
              name: name, kind: type(of: node.layer).kind, reason: "Keras's models cannot return a constant")
          ])
      }
      builder.begin(node)
      // A model that returns its own input needs a layer in between.
      outputs.append(node.layer is InputLayer ? builder.apply("linear", value, suffix: "output") : value)
    }
    builder.finish(outputs: outputs)
    return builder.model
  }

  /// - Returns: nil for a constant, which is part of the layer that takes it.
  private func export(
    _ node: LayerGraph.Node, of model: ExportedModel, _ values: [String: KerasBuilder.Value],
    to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value? {
    if node.layer is InputLayer { return builder.addInput(node.shape) }
    if node.layer is Constant { return nil }
    let inputs = node.inputs.compactMap { values[$0] }
    var value: KerasBuilder.Value
    if inputs.count < node.inputs.count {
      value = try exportWithConstant(node, inputs, of: model, to: &builder)
    } else if let layer = node.layer as? any KerasExportable {
      value = try layer.export(inputs, shape: node.shape, to: &builder)
    } else {
      throw Inexpressible("no layer of Keras does this")
    }
    value.isNonNegative = node.layer.isNonNegative(inputs.map(\.isNonNegative)) && inputs.count == node.inputs.count
    return value
  }

  private func exportWithConstant(
    _ node: LayerGraph.Node, _ inputs: [KerasBuilder.Value], of model: ExportedModel, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value {
    let constants = try node.inputs.map { try model.graph.node($0) }.filter { $0.layer is Constant }
    guard inputs.count == 1, constants.count == 1, let specification = constants[0].parameters.first else {
      throw Inexpressible("Keras has no constants, and here one is an input")
    }
    guard let constant = model.parameters[specification.name] else {
      throw ExportError.missingParameter(name: specification.name, shape: specification.shape)
    }
    return try builder.addRescaling(
      for: node.layer, inputs[0], by: constant, isFirst: constants[0].name == node.inputs[0], shape: node.shape)
  }
}

extension KerasExporter {
  /// What Keras's files have no place for, in JSON.
  struct Extras {
    let labels, preprocessing: String?

    init(_ model: ExportedModel) throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      labels = try model.labels.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
      preprocessing = try model.preprocessing.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    }

    /// By the names under which files hold them.
    var named: [(name: String, json: String)] {
      [("graft.labels", labels), ("graft.preprocessing", preprocessing)].compactMap { name, json in
        json.map { (name, $0) }
      }
    }
  }
}

extension LayerGraph {
  /// The nodes on which an output depends.
  fileprivate var needed: Set<String> {
    var needed = Set(outputs)
    for node in nodes.reversed() where needed.contains(node.name) { needed.formUnion(node.inputs) }
    return needed
  }
}
