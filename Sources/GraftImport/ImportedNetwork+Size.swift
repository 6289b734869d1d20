import GraftGraph
import GraftTensors

extension ImportedNetwork {
  /// The same network for images of another size, where it takes one image; of several inputs each keeps its own.
  ///
  /// - Parameter file: where its numbers are from, for what is thrown.
  /// - Throws: `ImportError.shapeMismatch` where a layer's numbers are for one size only, as those of a dense layer after Flatten;
  ///   `GraphError` where images are too small for its windows.
  func resized(to size: Size2D?, file: String) throws -> ImportedNetwork {
    guard let size, graph.inputs.count == 1, let shape = graph.inputs.first?.shape, shape.rank == 3,
      (shape[1], shape[2]) != (size.height, size.width)
    else { return self }
    var other = self
    other.graph = try graph.resized(to: [shape[0], size.height, size.width])
    for parameter in other.graph.parameters {
      guard let found = parameters[parameter.name]?.shape, found != parameter.shape else { continue }
      throw ImportError.shapeMismatch(
        file: file, layer: parameter.layer, tensor: parameter.name, expected: parameter.shape, found: found,
        likelyCause: "Those are for images of \(shape[1]) × \(shape[2]) alone, and --image-size asks for "
          + "\(size.height) × \(size.width); leave it out, or --cut the network at a layer before")
    }
    return other
  }
}
