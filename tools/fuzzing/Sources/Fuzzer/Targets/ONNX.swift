import GraftFormats
import GraftGraph
import GraftImport

extension FuzzTarget {
  static let onnx = FuzzTarget(name: "onnx") { bytes in
    let model = try ONNXModel(bytes: bytes, owner: Bytes.owner, name: "input")
    for initializer in model.graph.initializers { use(initializer.tensor) }
    let network = try ONNXImporter(model, name: "input").network()
    use(network.graph, network.parameters)
    for port in network.inputs + network.outputs { precondition(network.graph[port.node] != nil, "no \(port.node)") }
  }
}
