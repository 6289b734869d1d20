import Foundation
import GraftFormats
import GraftTensors
import Testing

/// `graft export`: a run goes out in every format, and comes back the same.
@Suite struct ExportCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 3)
    let trained = try place.finetune("--epochs", "1", "--out", "run")
    try #require(trained.status == 0, "\(trained.messages)")
  }

  private struct Report: Decodable {
    let file, format: String
    let bytes, parameters: Int
    let inputs, outputs: [[Int]]
  }

  /// Scores for two images, [2, 3, 48, 48] channels first, of an exported file.
  private func scores(of file: String, channelsLast: Bool) throws -> [Float] {
    let images = Tensor((0..<2 * 3 * 48 * 48).map { Float($0 % 23) / 11 - 1 }, shape: [2, 3, 48, 48])
    let input = channelsLast ? images.permuted([0, 2, 3, 1]).contiguous() : images
    try NumPyFile.write(input, to: place.folder.appending(path: "x.npy"))
    let outcome = try place.graft("run", "--backbone", file, "--input", "x.npy", "--output", "y.npy")
    try #require(outcome.status == 0, "\(outcome.messages)")
    return try NumPyFile.read(contentsOf: place.folder.appending(path: "y.npy")).floats
  }

  @Test func `a run in every format is the same network when Graft reads it again`() throws {
    let formats = [
      ("onnx", "m.onnx"), ("keras", "m.keras"), ("keras", "m.h5"), ("safetensors", "m.safetensors"),
    ]
    for (format, file) in formats {
      let outcome = try place.graft("export", "run", "--format", format, "--out", file, "--json")
      #expect(outcome.status == 0, "\(outcome.messages)")
      let report: Report = try outcome.decoded()
      #expect(report.file == file)
      #expect(report.format == format)
      #expect(report.bytes == (try Data(contentsOf: place.folder.appending(path: file)).count))
      #expect(report.inputs == [[3, 48, 48]])
      #expect(report.outputs == [[2]])
      #expect(report.parameters > 250_000)
    }
    let expected = try scores(of: "m.safetensors", channelsLast: true)
    #expect(expected.count == 4)
    #expect(abs(expected[0] + expected[1] - 1) < 1e-5)
    #expect(abs(expected[0] - expected[2]) > 1e-6)
    for (_, file) in formats.dropLast() {
      let found = try scores(of: file, channelsLast: file != "m.onnx")
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(file): \(found), not \(expected)")
    }
  }

  @Test func `a line says what was written`() throws {
    let outcome = try place.graft("export", "run", "--format", "onnx", "--with-preprocessing", "--out", "m.onnx")
    #expect(outcome.status == 0)
    #expect(outcome.output.wholeMatch(of: /m\.onnx: onnx, 253,282 parameters, [\d,]+ bytes\n/) != nil)
    let model = try ONNXModel(contentsOf: place.folder.appending(path: "m.onnx"))
    #expect(model.graph.inputs.map(\.name) == ["input_1/rgb"])
    #expect(model.metadata["graft.labels"] == #"["blue","red"]"#)
  }

  @Test func `the network that Graft carries needs no file`() throws {
    let outcome = try place.graft("export", "squeezenet-tiny", "--format", "keras", "--out", "m.keras", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    let report: Report = try outcome.decoded()
    #expect(report.inputs == [[3, 96, 96]])
    #expect(report.outputs == [[256, 5, 5]])
  }

  @Test func `what cannot be exported is refused before anything is written`() throws {
    func refusal(_ arguments: String...) throws -> (Int32, String) {
      let outcome = try GraftProgram.run(["export"] + arguments, in: place.folder)
      #expect(!place.exists("m"))
      return (outcome.status, outcome.lastMessage)
    }
    #expect(
      try GraftProgram.run("export", "run", "--format", "keras", "--out", "m", in: place.folder).messages
        .contains("--out is m; expected a name that ends in .keras or .h5"))
    #expect(
      try GraftProgram.run(
        "export", "run", "--format", "keras", "--with-preprocessing", "--out", "m.h5", in: place.folder
      ).messages.contains("--with-preprocessing goes with --format onnx alone"))
    #expect(try refusal("nowhere", "--format", "onnx", "--out", "m").0 != 0)
    let absent = try refusal("run", "--format", "safetensors", "--out", "absent/m")
    #expect(absent.1.hasSuffix("absent/m cannot be written: No such file or directory."))
    #expect(place.names == ["photos", "run"])
  }

  @Test func `a layer that a format has no word for is named, and the old file stays`() throws {
    let graph = """
      {"nodes": [{"kind": "InputLayer", "name": "image", "inputs": [], "layer": {"name": "image", "shape": [3, 8, 8]}},
      {"kind": "LocalResponseNormalization", "name": "norm", "inputs": ["image"],
      "layer": {"name": "norm", "size": 3, "alpha": 1, "beta": 1, "bias": 1}}], "outputs": ["norm"]}
      """
    try SafetensorsFile.write(
      [(name: "unused", tensor: Tensor(zeros: [1]))], metadata: ["graft.graph": graph],
      to: place.folder.appending(path: "norm.safetensors"))
    try place.write("m.h5", "as it was")
    let outcome = try place.graft("export", "norm.safetensors", "--format", "keras", "--out", "m.h5")
    #expect(outcome.status != 0)
    #expect(
      outcome.lastMessage
        == "error: Keras cannot express “norm” (LocalResponseNormalization): no layer of Keras does this. Choose another "
        + "--format")
    #expect(try String(contentsOf: place.folder.appending(path: "m.h5"), encoding: .utf8) == "as it was")
    let written = try place.graft("export", "norm.safetensors", "--format", "onnx", "--out", "m.onnx")
    #expect(written.status == 0, "\(written.messages)")
  }
}
