import ArgumentParser
import Foundation
import Graft

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a file is, and show the layers of its network.",
    discussion: """
      Of a file: format, who wrote it, whether it is a published one, the network that it describes or fits, and what a \
      training must know before it begins. Keras, ONNX, PyTorch, safetensors and HDF5 files are read.

      Examples:
        graft inspect vgg16
        graft inspect squeezenet --image-size 160
        graft inspect model.onnx
        graft inspect weights.h5 --tensors
        graft inspect run/model.safetensors --json
      """)

  @Argument(help: ArgumentHelp("A network's name, a file or a run directory.", valueName: "name|file|run"))
  var subject: String

  @Option(help: ArgumentHelp("Side of the square images, in pixels; for a network.", valueName: "pixels"))
  var imageSize: Int?

  @Flag(help: "Show a file's tensors under its own names, even where it describes a network.")
  var tensors = false

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws { try BackboneOptions.validate(imageSize: imageSize) }

  func run() throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: subject, isDirectory: &isFolder)
    if exists, isFolder.boolValue {
      return show(GraphReport(try ModelFiles.read(from: URL(filePath: subject)).graph, name: subject))
    }
    if exists { return show(try FileReport(URL(filePath: subject), showsTensors: tensors)) }
    guard !subject.contains("/"), !subject.contains(".") else { throw FormatError.fileNotFound(path: subject) }
    let architecture = try Architecture.named(subject)
    show(GraphReport(try architecture.graph(inputSize: imageSize.map { Size2D($0) }), name: architecture.title))
  }

  private func show(_ report: some Encodable & Describable) {
    if json { printJSON(report) } else { print(report.text) }
  }
}

protocol Describable {
  var text: String { get }
}

/// What `inspect` tells of a network. Shapes are those of one image, channels first.
struct GraphReport: Encodable, Describable {
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
