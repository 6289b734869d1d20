import GraftGraph
import GraftTensors

/// Reads every element, as whoever computes with a tensor would; of very large ones, which only views can be, none.
func use(_ tensor: Tensor) {
  let shape = tensor.shape
  precondition(shape.dimensions.allSatisfy { $0 >= 0 }, "a tensor of the shape \(shape)")
  if shape.count <= 1 << 18 { precondition(tensor.floats.count == shape.count) }
}

/// A network that was read is one that can run: each parameter is there and has its shape.
func use(_ graph: LayerGraph, _ parameters: Parameters) {
  for specification in graph.parameters {
    guard let tensor = parameters[specification.name] else { fatalError("\(specification.name) has no numbers") }
    precondition(tensor.shape == specification.shape, "\(specification.name): \(tensor.shape), \(specification.shape)")
    use(tensor)
  }
  precondition(graph.parameterCount >= 0)
  for output in graph.outputs { precondition(graph[output] != nil, "no output \(output)") }
}

/// The owner of libFuzzer's bytes, as tensors want one. It keeps nothing alive: the bytes outlive every use of them.
final class Bytes: Sendable {
  static let owner = Bytes()
}
