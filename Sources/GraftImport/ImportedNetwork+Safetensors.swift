import Foundation
import GraftFormats
import GraftGraph
import GraftTensors

extension ImportedNetwork {
  /// Loads a file that `graft export --format safetensors` wrote: the network is in its metadata, as JSON under
  /// `graft.graph`, and its numbers bear Graft's own names. A network of several inputs keeps its sizes.
  ///
  /// - Throws: `ImportError.unreadableGraph`, `.missingTensor` or `.shapeMismatch` where graph and numbers are damaged or
  ///   do not fit; `FormatError` where the file cannot be read.
  init(_ file: SafetensorsFile, describedBy description: String, from url: URL, inputSize: Size2D?) throws {
    let name = url.lastPathComponent
    var graph: LayerGraph
    do {
      graph = try JSONDecoder().decode(LayerGraph.self, from: Data(description.utf8))
    } catch let error as GraphError {
      throw ImportError.unreadableGraph(file: name, reason: error.description)
    } catch {
      throw ImportError.unreadableGraph(file: name, reason: "it is no JSON of a graph")
    }
    if let inputSize, graph.inputs.count == 1, let shape = graph.inputs.first?.shape, shape.rank == 3 {
      graph = try graph.resized(to: [shape[0], inputSize.height, inputSize.width])
    }
    let (parameters, report) = try file.bind(graph.parameters, fileName: name)
    self.init(
      graph: graph, parameters: parameters, report: report, url: url, preprocessing: file.preprocessing,
      labels: Self.labels(json: file.metadata["graft.labels"]), isChannelsLast: true)
  }
}

extension SafetensorsFile {
  /// What the file says is done to images; nil where it says nothing, or nothing that can be.
  var preprocessing: Preprocessing? { metadata["preprocessing"].flatMap { Preprocessing(json: $0) } }

  /// The tensors of Graft's own names for what a graph needs.
  func bind(_ specifications: [ParameterSpecification], fileName: String) throws -> (Parameters, LoadReport) {
    let byName = Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    var parameters = Parameters()
    var report = LoadReport()
    for parameter in specifications {
      guard let tensor = byName[parameter.name] else {
        throw ImportError.missingTensor(
          file: fileName, tensor: parameter.name, shape: parameter.shape,
          suggestions: closestNames(to: parameter.name, among: tensors.map(\.name)))
      }
      guard tensor.shape == parameter.shape else {
        throw ImportError.shapeMismatch(
          file: fileName, layer: parameter.layer, tensor: parameter.name, expected: parameter.shape,
          found: tensor.shape, likelyCause: "The file is probably of another network")
      }
      parameters[parameter.name] = tensor
      report.bound.append(.init(parameter: parameter.name, source: parameter.name))
    }
    report.unused = tensors.map(\.name).filter { parameters[$0] == nil }
    return (parameters, report)
  }
}

extension Preprocessing {
  /// As Graft writes it into files; nil for what is none.
  init?(json: String) {
    guard let decoded = try? JSONDecoder().decode(Preprocessing.self, from: Data(json.utf8)),
      // Read from a file, so anything may stand there.
      decoded.mean.count == decoded.channelOrder.count, decoded.standardDeviation.count == decoded.mean.count
    else { return nil }
    self = decoded
  }
}
