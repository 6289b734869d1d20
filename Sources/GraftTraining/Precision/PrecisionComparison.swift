import GraftEngine
import GraftGraph
import GraftTensors

/// A network's output for the same images in float32 and in bfloat16.
enum PrecisionComparison {
  /// - Parameters:
  ///   - batches: each `[n, C, H, W]`.
  ///   - graph: of one input and one output.
  /// - Returns: for each image, the cosine of its two outputs as vectors.
  @EngineActor
  static func cosines(of batches: [Tensor], graph: LayerGraph, parameters: Parameters) throws -> [Double] {
    // One program after the other: a large network's numbers need not be in memory in both precisions at once.
    func outputs(_ precision: Precision) throws -> [[Float]] {
      let program = try InferenceProgram(
        graph, parameters: parameters, batch: InferenceProgram.preferredBatch, precision: precision)
      return try batches.flatMap { batch in
        guard let input = graph.inputs.first?.name, let output = graph.outputs.first,
          let result = try program.runAll([input: batch])[output]
        else { throw EngineError.missingInput(name: graph.inputs.first?.name ?? "") }
        return (0..<result.shape[0]).map { result[rows: $0..<$0 + 1].floats }
      }
    }
    return zip(try outputs(.float32), try outputs(.bfloat16)).map { cosine($0, $1) }
  }

  /// The cosine of the angle between two vectors: 1 for two of zeros, which are equal, and 0 where one has no direction,
  /// being of zeros alone or holding what is no number.
  static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    var (product, squareOfA, squareOfB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      let (x, y) = (Double(x), Double(y))
      product += x * y
      squareOfA += x * x
      squareOfB += y * y
    }
    if squareOfA == 0, squareOfB == 0 { return 1 }
    let cosine = product / (squareOfA * squareOfB).squareRoot()
    return cosine.isFinite ? min(max(cosine, -1), 1) : 0
  }
}
