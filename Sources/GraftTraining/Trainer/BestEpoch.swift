import GraftGraph
import GraftImages
import GraftTensors

/// What is kept of the best epoch.
struct BestEpoch {
  /// What training has changed until then.
  var parameters = Parameters()
  /// Image by image what precedes the heads' last layers, all heads side by side.
  var outputs: [Float] = []
  /// The validation images that were readable.
  var samples: [Sample] = []
}

extension BestEpoch {
  private static let outputsName = "validation/outputs"
  private static let samplesName = "validation/samples"

  /// As a checkpoint keeps it: parameters by their names; beside them the outputs, and which of all validation images they are of.
  func tensors(among all: [Sample]) -> [String: Tensor] {
    guard !samples.isEmpty else { return [:] }
    let places = Dictionary(zip(all, all.indices), uniquingKeysWith: { first, _ in first })
    var result = parameters.tensors
    result[Self.outputsName] = Tensor(outputs, shape: [samples.count, outputs.count / samples.count])
    // A float32 holds every whole number up to 16 million.
    result[Self.samplesName] = Tensor(samples.map { Float(places[$0] ?? 0) }, shape: [samples.count])
    return result
  }

  init(_ tensors: [String: Tensor], among all: [Sample]) {
    var tensors = tensors
    outputs = tensors.removeValue(forKey: Self.outputsName)?.floats ?? []
    let places = tensors.removeValue(forKey: Self.samplesName)?.floats.map { Int($0) } ?? []
    samples = places.compactMap { all.indices.contains($0) ? all[$0] : nil }
    parameters = Parameters(tensors)
  }
}
