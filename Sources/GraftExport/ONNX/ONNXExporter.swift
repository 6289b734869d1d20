import Foundation
import GraftFormats
import GraftGraph
import GraftTensors

/// Writes networks as ONNX.
///
/// Operators are those of version 17 of the standard's set, which ONNX Runtime, OpenVINO, TensorRT and Core ML's tools all
/// read. Images come in as `[N, C, H, W]`, N being any number. Values and initializers bear the layers' names.
/// The metadata hold `graft.labels` and `graft.preprocessing`, in JSON.
public struct ONNXExporter: Sendable {
  public static let operatorSet = 17

  /// Whether the file takes red, green and blue 0…255 and does the preprocessing itself.
  public var includesPreprocessing: Bool

  public init(includesPreprocessing: Bool = false) {
    self.includesPreprocessing = includesPreprocessing
  }

  /// - Throws: `ExportError`; `FormatError` where the file cannot be written.
  public func write(_ model: ExportedModel, to url: URL) throws {
    try onnxModel(of: model).write(to: url)
  }

  /// The network as ONNX has it. Tensors are shared, not copied, where their layout allows.
  public func onnxModel(of model: ExportedModel) throws -> ONNXModel {
    var builder = ONNXBuilder(model.parameters)
    var unsupported: [UnsupportedLayer] = []
    for node in model.graph.nodes {
      let inputs = try node.inputs.map { ONNXBuilder.Value($0, shape: try model.graph.node($0).shape) }
      builder.begin(node)
      if node.layer is InputLayer {
        try addInput(node, model.preprocessing, to: &builder)
      } else if let layer = node.layer as? any ONNXExportable {
        do {
          try layer.export(inputs, to: &builder)
        } catch let reason as Inexpressible {
          unsupported.append(
            UnsupportedLayer(name: node.name, kind: type(of: node.layer).kind, reason: reason.description))
        }
      } else {
        unsupported.append(
          UnsupportedLayer(name: node.name, kind: type(of: node.layer).kind, reason: "no operator does this"))
      }
    }
    guard unsupported.isEmpty else { throw ExportError.unsupportedLayers(format: "ONNX", layers: unsupported) }
    return ONNXModel(
      irVersion: 8, producerName: "graft", operatorSets: ["": Self.operatorSet], metadata: try metadata(of: model),
      graph: ONNXGraph(
        name: "graft", nodes: builder.nodes, initializers: builder.initializers, inputs: builder.inputs,
        outputs: try model.graph.outputs.map { ONNXValue(batchOf: try model.graph.node($0)) }))
  }

  private func addInput(
    _ node: LayerGraph.Node, _ preprocessing: Preprocessing?, to builder: inout ONNXBuilder
  ) throws {
    guard includesPreprocessing else { return builder.inputs.append(ONNXValue(batchOf: node)) }
    guard let preprocessing else { throw ExportError.noPreprocessing }
    let pixels = "\(node.name)/rgb"
    builder.inputs.append(ONNXValue(pixels, batchOf: Shape([3] + node.shape.dimensions.dropFirst())))
    preprocessing.export(pixels, to: &builder)
  }

  private func metadata(of model: ExportedModel) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var metadata: [String: String] = [:]
    if let labels = model.labels {
      metadata["graft.labels"] = String(decoding: try encoder.encode(labels), as: UTF8.self)
    }
    if let preprocessing = includesPreprocessing ? .identity : model.preprocessing {
      metadata["graft.preprocessing"] = String(decoding: try encoder.encode(preprocessing), as: UTF8.self)
    }
    return metadata
  }
}

/// A layer that ONNX has operators for.
protocol ONNXExportable: Layer {
  /// Appends the operators; the last one's output must be the node's: `builder.finish`.
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws
}

extension ONNXValue {
  fileprivate init(batchOf node: LayerGraph.Node) {
    self.init(node.name, batchOf: node.shape)
  }

  fileprivate init(_ name: String, batchOf shape: Shape) {
    self.init(name, dataType: .float32, dimensions: [.symbol("N")] + shape.dimensions.map { .size($0) })
  }
}
