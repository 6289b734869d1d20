import ArgumentParser
import Foundation
import Graft

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a run or a network as a file that other programs read.",
    discussion: """
      ONNX files hold the operators of version 17, the class names and what must be done to images (metadata \
      `graft.labels` and `graft.preprocessing`). Keras files are whole models. Safetensors hold the \
      numbers, and for Graft the network (metadata `graft.graph`).

      Examples:
        graft export run --format onnx --out flowers.onnx
        graft export run --format onnx --with-preprocessing --out flowers.onnx
        graft export run --format keras --out flowers.keras
        graft export resnet50 --weights resnet50.h5 --format onnx --out resnet50.onnx
        graft export model.h5 --format onnx --out model.onnx

      --with-preprocessing makes a file that takes red, green and blue 0…255, [N, 3, H, W], and does the rest itself.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case onnx, keras, safetensors
  }

  @Argument(
    help: ArgumentHelp("A run directory, a file that describes its network, or a name.", valueName: "run|file|name"))
  var subject: String

  @Option(help: BackboneOptions.weightsHelp)
  var weights: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels; for a network given by name.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: "What to write: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: Format

  @Option(help: ArgumentHelp("The file to write; for Keras its ending tells .keras from .h5.", valueName: "file"))
  var out: String

  @Flag(help: "Let the file do the preprocessing; for ONNX.")
  var withPreprocessing = false

  @Option(
    help: ArgumentHelp(
      "What is done to images, where the source does not say: \(Preprocessing.names.joined(separator: ", ")).",
      valueName: "mode"))
  var preprocessing: String?

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func validate() throws {
    if withPreprocessing, format != .onnx {
      throw ValidationError("--with-preprocessing goes with --format onnx alone")
    }
    if format == .keras, !out.hasSuffix(".keras"), !out.hasSuffix(".h5") {
      throw ValidationError("--out is \(out); expected a name that ends in .keras or .h5")
    }
    if let preprocessing, Preprocessing(named: preprocessing) == nil {
      throw ValidationError(
        "“\(preprocessing)” is no known preprocessing; known are \(Preprocessing.names.joined(separator: ", "))")
    }
    try BackboneOptions.validate(imageSize: imageSize)
  }

  func run() throws {
    let model = try model()
    let url = URL(filePath: out)
    switch format {
    case .onnx: try ONNXExporter(includesPreprocessing: withPreprocessing).write(model, to: url)
    case .keras: try KerasExporter().write(model, to: url)
    case .safetensors: try SafetensorsExporter().write(model, to: url)
    }
    let report = ExportReport(
      file: out, format: format.rawValue, bytes: try MappedFile(url).bytes.count,
      inputs: model.graph.inputs.map { $0.shape.dimensions },
      outputs: model.graph.outputs.compactMap { model.graph[$0]?.shape.dimensions },
      parameters: model.graph.parameterCount)
    if json { return printJSON(report) }
    print("\(out): \(format.rawValue), \(report.parameters.formatted()) parameters, \(report.bytes.formatted()) bytes")
  }

  private func model() throws -> ExportedModel {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: subject, isDirectory: &isFolder), isFolder.boolValue {
      let model = try ModelFiles.read(from: URL(filePath: subject))
      return ExportedModel(
        graph: model.graph, parameters: model.parameters, labels: model.classes, preprocessing: model.preprocessing)
    }
    var options = BackboneOptions()
    options.backbone = subject
    options.weights = weights
    let network = try options.whole(inputSize: imageSize.map { Size2D($0) })
    let said = preprocessing.flatMap { Preprocessing(named: $0) }
    let channels = network.graph.inputs.first?.shape[0] ?? 3
    return ExportedModel(
      graph: network.graph, parameters: network.parameters, labels: network.labels,
      preprocessing: said?.forChannels(channels) ?? network.preprocessing)
  }
}

private struct ExportReport: Encodable {
  let file, format: String
  let bytes: Int
  /// Shapes of one image, channels first.
  let inputs, outputs: [[Int]]
  let parameters: Int
}
