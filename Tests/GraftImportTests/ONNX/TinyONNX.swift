import GraftEngine
import GraftFormats
import GraftGraph
import GraftTensors

@testable import GraftImport

/// A model of one input “x” and, where no other is named, one output “y”, made by hand.
func tiny(
  _ nodes: [ONNXNode], _ constants: [String: Tensor] = [:], input: [Int] = [2, 2, 2], version: Int = 17,
  producer: String = "", outputs: [String] = ["y"], functions: [ONNXFunction] = []
) -> ONNXModel {
  let graph = ONNXGraph(
    name: "tiny", nodes: nodes,
    initializers: constants.sorted { $0.key < $1.key }.map { ONNXInitializer($0.key, $0.value) },
    inputs: [ONNXValue("x", dataType: .float32, dimensions: [.symbol("N")] + input.map { .size($0) })],
    outputs: outputs.map { ONNXValue($0, dataType: .float32, dimensions: nil) })
  return ONNXModel(producerName: producer, operatorSets: ["": version], graph: graph, functions: functions)
}

/// `Relu(x, to: y)` as a node called by its output.
func node(
  _ type: String, _ inputs: [String], _ output: String, domain: String = "", _ options: [String: ONNXAttribute] = [:]
) -> ONNXNode {
  ONNXNode(type, name: output, domain: domain, inputs: inputs, outputs: [output], attributes: options)
}

func imported(_ model: ONNXModel, inputSize: Size2D? = nil) throws -> ONNXNetwork {
  try ONNXImporter(model, name: "tiny.onnx", inputSize: inputSize).network()
}

extension ONNXNetwork {
  /// The layers after the inputs, in order.
  var layers: [any Layer] { graph.nodes.map(\.layer).filter { !($0 is InputLayer) } }

  /// Their kinds.
  var kinds: [String] { layers.map { type(of: $0).kind } }

  /// What the network makes of images `[N] + input`.
  func run(_ images: Tensor) async throws -> [Tensor] {
    let results = try await EngineActor.run {
      try InferenceProgram(self.graph, parameters: self.parameters, batch: images.shape[0])
        .run([self.inputs[0].node: images])
    }
    return outputs.compactMap { results[$0.node] }
  }

  /// The only output's numbers, for one image of the numbers given.
  func run(_ numbers: [Float]) async throws -> [Float] {
    let shape = graph.inputs[0].shape
    return try await run(Tensor(numbers, shape: shape.batched(1)))[0].floats
  }
}

/// Eight numbers around zero.
let eight: [Float] = [-4, -2.5, -1, -0.25, 0.5, 1, 2, 3.5]

func integers(_ values: [Int], shape: Shape? = nil) -> Tensor {
  Tensor(uninitialized: shape ?? [values.count], dataType: .int64) { bytes in
    for (index, value) in values.enumerated() {
      bytes.storeBytes(of: Int64(value), toByteOffset: 8 * index, as: Int64.self)
    }
  }
}

func vector(_ values: Float...) -> Tensor { Tensor(values, shape: [values.count]) }
func number(_ value: Float) -> Tensor { Tensor([value], shape: []) }
/// One number for each channel of a feature map.
func channels(_ values: Float...) -> Tensor { Tensor(values, shape: [values.count, 1, 1]) }

func areNear(_ found: [Float], _ expected: [Float], within tolerance: Float = 1e-5) -> Bool {
  found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}
