import ArgumentParser
import Foundation
import Graft

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the layers of a network, or the tensors of a file.",
    discussion: """
      Examples:
        graft inspect vgg16
        graft inspect squeezenet --image-size 160
        graft inspect weights.h5
        graft inspect run/model.safetensors --json
      """)

  @Argument(help: ArgumentHelp("A network's name, a weight file or a run directory.", valueName: "name|file"))
  var subject: String

  @Option(help: ArgumentHelp("Side of the square images, in pixels; for a network.", valueName: "pixels"))
  var imageSize: Int?

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws { try BackboneOptions.validate(imageSize: imageSize) }

  func run() throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: subject, isDirectory: &isFolder)
    if exists, isFolder.boolValue {
      return show(GraphReport(try ModelFiles.read(from: URL(filePath: subject)).graph, name: subject))
    }
    if exists { return show(try FileReport(URL(filePath: subject))) }
    guard !subject.contains("/"), !subject.contains(".") else { throw FormatError.fileNotFound(path: subject) }
    let architecture = try Architecture.named(subject)
    show(GraphReport(try architecture.graph(inputSize: imageSize.map { Size2D($0) }), name: architecture.title))
  }

  private func show(_ report: some Encodable & Describable) {
    if json { printJSON(report) } else { print(report.text) }
  }
}

private protocol Describable {
  var text: String { get }
}

/// What `inspect` tells of a network. Shapes are those of one image, channels first.
private struct GraphReport: Encodable, Describable {
  struct LayerReport: Encodable {
    let name, kind: String
    let inputs: [String]
    let shape: [Int]
    let parameters, multiplyAdds: Int
  }

  let name: String
  let layers: [LayerReport]
  let parameters, multiplyAdds: Int

  init(_ graph: LayerGraph, name: String) {
    self.name = name
    layers = graph.nodes.map { node in
      LayerReport(
        name: node.name, kind: type(of: node.layer).kind, inputs: node.inputs, shape: node.shape.dimensions,
        parameters: node.parameters.reduce(0) { $0 + $1.shape.count }, multiplyAdds: node.multiplyAdds)
    }
    parameters = graph.parameterCount
    multiplyAdds = graph.nodes.reduce(0) { $0 + $1.multiplyAdds }
  }

  var text: String {
    let rows = layers.map { layer in
      [
        layer.name, layer.kind, "\(Shape(layer.shape))", layer.parameters.formatted(),
        layer.inputs.joined(separator: ", "),
      ]
    }
    return columns(["layer", "kind", "output", "parameters", "after"], rows)
      + "\n\n\(name): \(parameters.formatted()) parameters, \(multiplyAdds.formatted()) multiply-adds an image"
  }
}

/// What `inspect` tells of a file.
private struct FileReport: Encodable, Describable {
  struct TensorReport: Encodable {
    let name, type: String
    let shape: [Int]
  }

  let file, format: String
  let bytes: Int
  let knownAs: String?
  let tensors: [TensorReport]

  init(_ url: URL) throws {
    let mapped = try MappedFile(url)
    file = url.relativePath
    bytes = mapped.bytes.count
    format = mapped.signature.rawValue
    switch mapped.signature {
    case .safetensors:
      tensors = try SafetensorsFile(contentsOf: url).tensors.map {
        TensorReport(name: $0.name, type: $0.tensor.dataType.rawValue, shape: $0.tensor.shape.dimensions)
      }
    default:
      // Whatever is no HDF5 file is refused there, by what it is.
      tensors = try HDF5Tree(contentsOf: url, elements: .none).dataSets.map {
        TensorReport(name: $0.path, type: $0.type ?? "", shape: $0.shape?.dimensions ?? [])
      }
    }
    knownAs = try KnownWeights.recognised(md5: ContentHash.md5(contentsOf: url))?.title
  }

  var text: String {
    let rows = tensors.map { [$0.name, $0.type, "\(Shape($0.shape))"] }
    let count = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
    return columns(["tensor", "type", "shape"], rows)
      + "\n\n\(file): \(format), \(bytes.formatted()) bytes, \(tensors.count) tensors of \(count.formatted()) numbers"
      + (knownAs.map { "\nknown as \($0)" } ?? "")
  }
}
