import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors

/// A state dictionary bound to an architecture.
struct StateDictionaryMatch {
  let graph: LayerGraph
  let parameters: Parameters
  let report: LoadReport
  /// Whether the file holds a classifier that the architecture's own could be.
  let hasTop: Bool
}

extension StateDictionary {
  /// The architectures that every name and shape fits, those first that `Architecture.all` has first.
  public var architectures: [Architecture] {
    Self.known.filter { architecture, graph, first in
      self[first] != nil && (try? StateDictionaryBinder(self, graph: graph, title: architecture.title).bind()) != nil
    }.map(\.architecture)
  }

  /// Every network known by name that has weights, and PyTorch's name of its first tensor. Building them all takes longer
  /// than reading a small file, so that is done once.
  private static let known: [(architecture: Architecture, graph: LayerGraph, first: String)] =
    Architecture.all.compactMap { architecture in
      guard let graph = try? architecture.graph(), let first = graph.parameters.first else { return nil }
      return (architecture, graph, first.torchName)
    }

  /// The architecture that this is of.
  ///
  /// - Throws: `ImportError.unknownNetwork` where it is of none that is known by name.
  public func architecture() throws(ImportError) -> Architecture {
    if let architecture = architectures.first { return architecture }
    throw .unknownNetwork(file: file, tensors: entries.count, examples: entries.prefix(3).map(\.source))
  }

  /// Binds the tensors to an architecture, with the file's classifier or without.
  ///
  /// - Throws: `ImportError` where they are of another network, `ArchitectureError` where the image's size does not suit.
  func match(_ architecture: Architecture, inputSize: Size2D?, keepsTop: Bool) throws -> StateDictionaryMatch {
    let base = try architecture.graph(inputSize: inputSize)
    let classes = try classCount(of: architecture, base: base)
    var graph = base
    if keepsTop, let classes { graph = try architecture.graph(inputSize: inputSize, classes: classes) }
    do {
      let (parameters, report) = try StateDictionaryBinder(self, graph: graph, title: architecture.title).bind()
      return StateDictionaryMatch(graph: graph, parameters: parameters, report: report, hasTop: classes != nil)
    } catch {
      throw named(error, except: architecture)
    }
  }

  /// The same error with the architecture that the tensors do fit, where it lacks only that.
  private func named(_ error: ImportError, except wrong: Architecture) -> ImportError {
    guard case .otherNetwork(let file, let title, let missing, let surplus, _) = error else { return error }
    let likely = architectures.first { $0.name != wrong.name }?.name
    return .otherNetwork(file: file, architecture: title, missing: missing, surplus: surplus, likely: likely)
  }

  /// How many classes the file's classifier tells apart; nil where it has none of the architecture's making.
  private func classCount(of architecture: Architecture, base: LayerGraph) throws -> Int? {
    // Names and shapes but for the number of classes, which the last bias tells.
    let full = try architecture.graph(classes: 1)
    let top = full.parameters.filter { base[$0.layer] == nil }
    guard let last = top.last, let classes = self[last.torchName]?.tensor.shape.dimensions.first, classes > 0,
      top.allSatisfy({ self[$0.torchName] != nil })
    else { return nil }
    return classes
  }
}
