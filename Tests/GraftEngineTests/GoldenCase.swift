import Foundation
import GraftFormats
import GraftGraph
import GraftPlanning
import GraftTensors

/// One case of a fixture: a layer's options, its tensors, and what the reference made of them.
struct GoldenCase: Sendable, CustomStringConvertible {
  let family: String
  let name: String
  let options: GoldenOptions
  private let tensors: [String: Tensor]

  var description: String { "\(family) \(name)" }

  /// - Throws: where the case lacks the tensor.
  func tensor(_ role: String) throws -> Tensor {
    try tensors[role] ?? { throw GoldenError.missing("\(self)/\(role)") }()
  }

  func has(_ role: String) -> Bool { tensors[role] != nil }

  var inputs: [Tensor] {
    ["input", "input0", "input1", "input2"].compactMap { tensors[$0] }
  }

  var inputGradients: [Tensor] {
    ["inputGradient", "inputGradient0", "inputGradient1", "inputGradient2"].compactMap { tensors[$0] }
  }

  static func all(_ family: String) throws -> [GoldenCase] {
    guard let url = Bundle.module.url(forResource: "Fixtures/\(family)", withExtension: "safetensors") else {
      throw GoldenError.missing(family)
    }
    let file = try SafetensorsFile(contentsOf: url)
    let cases = file.metadata.keys.filter { $0 != "source" }.sorted()
    guard !cases.isEmpty else { throw GoldenError.missing("cases of \(family)") }
    return try cases.map { name in
      let options = try JSONDecoder().decode(GoldenOptions.self, from: Data((file.metadata[name] ?? "").utf8))
      let prefix = name + "/"
      let tensors = file.tensors.filter { $0.name.hasPrefix(prefix) }.map {
        (String($0.name.dropFirst(prefix.count)), $0.tensor)
      }
      return GoldenCase(
        family: family, name: name, options: options, tensors: Dictionary(uniqueKeysWithValues: tensors))
    }
  }
}

enum GoldenError: Error {
  case missing(String)
}

/// The union of all families' options; see Fixtures/README.md.
struct GoldenOptions: Codable, Sendable {
  var filters, groups, units: Int?
  var kernel, strides, dilation, pool, pads, before, after, resizedTo: [Int]?
  var padding, flattenOrder: String?
  var activation: Activation.Function?
  var sharedAxes: [PReLU.Axis]?
  var multiplier, size: Int?
  var rounding: Window2D.Rounding?
  var countsPadding, keepsDimensions: Bool?
  var operation: String?
  var shape: Shape?
  var axis, begin, end, step: Int?
  var axes, factors: [Int]?
  var scales: [Double]?
  var interpolation: UpSampling2D.Interpolation?
  var coordinates: Resize.Coordinates?
  var nearest: Resize.Rounding?
  var factor, offset, beta, lrnAlpha, lrnBias: Float?
  var means, variances: [Float]?
  var bias: Bool?
  var epsilon, momentum: Float?
  var scale, center: Bool?
  var statistics: String?
  var movingVariance: BatchNormalization.MovingVariance?

  var windowPadding: Window2D.Padding {
    switch padding {
    case "same": .same
    case "explicit": pads.map { .explicit(top: $0[0], bottom: $0[1], left: $0[2], right: $0[3]) } ?? .valid
    default: .valid
    }
  }

  var function: Activation.Function { activation ?? .linear }
}

extension Size2D {
  init(_ pair: [Int]?) {
    self.init(height: pair?[0] ?? 1, width: pair?[1] ?? 1)
  }
}

extension GoldenCase {
  /// The case as a graph of its own, with the layer under test as `layer`.
  func graph() throws -> LayerGraph {
    try graph(inputs: inputs)
  }

  func graph(inputs: [Tensor]) throws -> LayerGraph {
    var graph = LayerGraph()
    var names: [String] = []
    for (index, input) in inputs.enumerated() {
      names.append(
        try graph.add(InputLayer("input\(index)", shape: Shape(Array(input.shape.dimensions.dropFirst())))))
    }
    if let order = options.flattenOrder, family == "Dense" {
      names = [try graph.add(Flatten("flatten", order: order == "HWC" ? .channelsLast : .channelsFirst))]
    }
    try graph.add(layer(), after: names)
    return graph
  }

  var parameters: Parameters {
    var parameters = Parameters()
    for role in ParameterSpecification.Role.allCases {
      parameters["layer/\(role.rawValue)"] = tensors["\(role)"]
    }
    return parameters
  }

  var plan: FreezePlan {
    FreezePlan(
      trainableLayers: ["layer"], batchNormModes: options.statistics == "batch" ? ["layer": .batchStatistics] : [:])
  }
}
