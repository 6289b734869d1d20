import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors

/// What of an architecture a file is of.
struct ArchitectureMatch {
  let graph: LayerGraph
  /// Whether the file holds a classifier.
  let hasTop: Bool
  /// How many of the file's last layers with weights are a classifier that `graph` does without.
  let unusedLayers: Int
}

extension KerasWeights {
  /// The graph of an architecture that this file's layers fit, or of that variant of it whose names they bear: with the
  /// classifier where the file has one and `keepsTop`, otherwise without.
  ///
  /// - Throws: `ImportError.wrongArchitecture` where the file has another number of layers than either.
  func match(
    _ architecture: Architecture, inputSize: Size2D?, keepsTop: Bool, fileName: String
  ) throws -> ArchitectureMatch {
    let layers = layers.filter { !$0.weights.isEmpty }
    if let fit = try fit(architecture, inputSize: inputSize, keepsTop: keepsTop) { return fit }
    func weightedLayers(classes: Int?) throws -> Int { try architecture.graph(classes: classes).weightedLayers.count }
    throw ImportError.wrongArchitecture(
      file: fileName, architecture: architecture.title,
      expected: [try weightedLayers(classes: nil), try weightedLayers(classes: 1)], found: layers.count,
      examples: layers.prefix(3).map(\.name), likely: self.architecture(except: architecture)?.name)
  }

  /// The same, or nil where the numbers of layers differ.
  private func fit(_ architecture: Architecture, inputSize: Size2D?, keepsTop: Bool) throws -> ArchitectureMatch? {
    let layers = layers.filter { !$0.weights.isEmpty }
    let names = Set(layers.map(\.name))
    let architecture = try variant(of: architecture, named: names)
    let base = try architecture.graph(inputSize: inputSize)
    let classes = layers.last?.weights.last?.tensor.shape.dimensions.last ?? 0
    // The last layer's bias tells how many classes there are; whether there is a classifier, the layers' number.
    let full = try architecture.graph(
      inputSize: keepsTop ? inputSize : Size2D(architecture.defaultInputSize), classes: max(classes, 1))
    let top = full.weightedLayers.filter { base[$0] == nil }
    let withoutTop = ArchitectureMatch(graph: base, hasTop: false, unusedLayers: 0)
    if layers.count == base.weightedLayers.count, !top.allSatisfy(names.contains) { return withoutTop }
    if layers.count == full.weightedLayers.count || full.weightedLayers.allSatisfy(names.contains) {
      return ArchitectureMatch(
        graph: keepsTop ? full : base, hasTop: true, unusedLayers: keepsTop ? 0 : top.count)
    }
    if base.weightedLayers.allSatisfy(names.contains) { return withoutTop }
    return nil
  }

  /// The variant all of whose layers the file names; the architecture itself where none is.
  private func variant(of architecture: Architecture, named names: Set<String>) throws -> Architecture {
    try architecture.variants.first { try $0.graph().weightedLayers.allSatisfy(names.contains) } ?? architecture
  }

  /// The known architecture that every tensor of the file fits, by name or by order; nil where there is none.
  func architecture(except wrong: Architecture? = nil) -> Architecture? {
    Architecture.all.first { candidate in
      guard candidate.name != wrong?.name,
        let match = try? fit(candidate, inputSize: nil, keepsTop: false)
      else { return false }
      let binder = KerasBinder(file: self, fileName: "", graph: match.graph, unusedLayers: match.unusedLayers)
      return (try? binder.bind()) != nil
    }
  }
}

extension LayerGraph {
  /// Names of the layers with parameters.
  var weightedLayers: [String] { nodes.filter { !$0.parameters.isEmpty }.map(\.layer.name) }
}
