import GraftFormats
import GraftGraph
import GraftTensors

/// Binds the tensors of a PyTorch network to the parameters of a graph whose layers bear its modules' names.
///
/// Every parameter must be there in its shape, and nothing may be there that the network has no place for, heads excepted: one that
/// has another block within would compute something else. What has no tensors cannot be told from them: a network that blurs
/// before it pools, or that strides elsewhere, has the same dictionary.
public struct StateDictionaryBinder {
  public let dictionary: StateDictionary
  public let graph: LayerGraph
  /// For messages.
  public let title: String

  public init(_ dictionary: StateDictionary, graph: LayerGraph, title: String) {
    self.dictionary = dictionary
    self.graph = graph
    self.title = title
  }

  /// Modules beside a backbone: classifiers under all their names, auxiliary ones, and what self-supervised training puts on top.
  private static let heads: Set<String> = [
    "fc", "classifier", "head", "heads", "linear", "last_linear", "logits", "pre_logits", "AuxLogits", "aux", "aux1",
    "aux2",
    "projector", "projection", "projection_head", "predictor", "contrastive_head", "mlp", "prototypes",
  ]

  /// - Throws: `ImportError.otherNetwork` where tensors are absent or have no place, `.shapeMismatch`, `.unreadableTensor`.
  public func bind() throws(ImportError) -> (parameters: Parameters, report: LoadReport) {
    try checkNames()
    var parameters = Parameters()
    var report = LoadReport()
    report.conversions = dictionary.conversions
    var used: Set<String> = []
    for parameter in graph.parameters {
      guard let entry = dictionary[parameter.torchName] else { continue }  // checked above
      parameters[parameter.name] = try tensor(of: entry, for: parameter)
      report.bound.append(.init(parameter: parameter.name, source: entry.source))
      used.insert(entry.name)
    }
    report.unused = dictionary.entries.filter { !used.contains($0.name) }.map(\.source)
    return (parameters, report)
  }

  private func checkNames() throws(ImportError) {
    let wanted = Set(graph.parameters.map(\.torchName))
    let missing = graph.parameters.map(\.torchName).filter { dictionary[$0] == nil }
    for name in missing {
      guard let reason = dictionary.unreadable[name] else { continue }
      throw .unreadableTensor(file: dictionary.file, tensor: name, reason: reason)
    }
    let surplus = dictionary.entries.filter { entry in
      !wanted.contains(entry.name) && !Self.heads.contains(String(entry.name.prefix { $0 != "." }))
    }
    guard missing.isEmpty, surplus.isEmpty else {
      throw .otherNetwork(
        file: dictionary.file, architecture: title, missing: missing, surplus: surplus.map(\.source), likely: nil)
    }
  }

  private func tensor(
    of entry: StateDictionary.Entry, for parameter: ParameterSpecification
  ) throws(ImportError) -> Tensor {
    guard [.float16, .bfloat16, .float32, .float64].contains(entry.tensor.dataType) else {
      throw .unreadableTensor(
        file: dictionary.file, tensor: entry.source, reason: "of the type \(entry.tensor.dataType)")
    }
    var tensor = entry.tensor
    // A convolution over the whole map, or over one pixel, is a dense layer: timm keeps VGG's as such.
    let (found, expected) = (tensor.shape, parameter.shape)
    if parameter.role == .kernel, expected.rank == 2, found.rank == 4, found[0] == expected[0],
      found.count == expected.count
    {
      tensor = tensor.reshaped(expected)
    }
    guard tensor.shape == expected else {
      throw .shapeMismatch(
        file: dictionary.file, layer: parameter.layer, tensor: entry.source, expected: expected, found: found,
        likelyCause: likelyCause(expected: expected, found: found))
    }
    return tensor.isDense ? tensor : tensor.contiguous()
  }

  private func likelyCause(expected: Shape, found: Shape) -> String {
    if expected.rank == 4, found.rank == 4, expected[1] != found[1], expected[1] == 3 || found[1] == 3 {
      return "The number of input channels differs: the file was probably saved for other images (grey, or with alpha)"
    }
    if expected.rank == 2, found.rank == 2, expected[0] == found[0] {
      return "The layer's input has another size: the file was probably saved for images of another size"
    }
    if expected.rank == found.rank, expected.rank > 0, expected[0] != found[0] {
      return "The layer is wider or narrower: the file is probably of another width, or of another network"
    }
    return "The file is probably of another network"
  }
}

extension ParameterSpecification {
  /// What PyTorch calls the tensor of a module with the layer's name.
  var torchName: String {
    switch role {
    case .kernel, .depthwiseKernel, .pointwiseKernel, .gamma, .alpha, .value: "\(layer).weight"
    case .bias, .beta: "\(layer).bias"
    case .movingMean: "\(layer).running_mean"
    case .movingVariance: "\(layer).running_var"
    }
  }
}

extension Tensor {
  /// Whether the elements fill the bytes that they span, each seen once: in row-major order, or with the axes in another.
  fileprivate var isDense: Bool {
    if isContiguous { return true }
    var expected = 1
    for (stride, extent) in zip(strides, shape.dimensions).filter({ $0.1 != 1 }).sorted(by: { $0.0 < $1.0 }) {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }
}
