import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `External data` {
  @Test func `is read from the file beside the model`() throws {
    let model = try ONNXModel(contentsOf: fixture("onnx/external.onnx"))
    #expect(model.tensor("first")?.floats == ramp(6, from: 0))
    #expect(model.tensor("second")?.dataType == .float16)
    #expect(model.tensor("second")?.floats == ramp(6, from: 0))
  }

  private func refusal(_ entries: [String: String], in folder: TemporaryFolder) throws -> String {
    _ = try folder.file("data.bin", [UInt8](repeating: 0, count: 24))
    var files = ONNXExternalFiles(folder: folder.url, model: "model.onnx")
    return message { _ = try files.tensor("w", entries: entries, shape: [2, 3], dataType: .float32) }
  }

  @Test(arguments: ["/etc/hostname", "../data.bin", "a/../../data.bin", "", ".."])
  func `outside the model's folder is refused`(location: String) throws {
    let folder = try TemporaryFolder()
    #expect(
      try refusal(["location": location], in: folder)
        == "model.onnx holds the tensor 'w' in the file '\(location)', outside its own folder, which Graft does not "
        + "read. Put that file beside the model and name it there, or save the model as one file.")
  }

  @Test func `behind a link that leads out is refused`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let secret = try other.file("secret", [UInt8](repeating: 7, count: 24))
    try FileManager.default.createSymbolicLink(at: folder.url.appending(path: "link"), withDestinationURL: secret)
    try FileManager.default.createSymbolicLink(at: folder.url.appending(path: "way"), withDestinationURL: other.url)
    for location in ["link", "way/secret"] {
      #expect(try refusal(["location": location], in: folder).contains("outside its own folder"))
    }
  }

  @Test func `behind a link within the folder is read`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("data.bin", [UInt8](repeating: 0, count: 24))
    try FileManager.default.createSymbolicLink(at: folder.url.appending(path: "link"), withDestinationURL: file)
    #expect(try refusal(["location": "link"], in: folder) == "nothing")
  }

  @Test func `that is missing or too short is refused by its name`() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.resolvingSymlinksInPath().path
    #expect(
      try refusal(["location": "missing"], in: folder) == "There is no file at \(path)/missing. Check the path.")
    #expect(
      try refusal(["location": "data.bin", "offset": "4"], in: folder)
        == "\(path)/data.bin is cut off: it holds 24 bytes of the 28 that its header announces. Download it again.")
    #expect(
      try refusal(["location": "data.bin", "offset": "9223372036854775807"], in: folder).contains("is cut off"))
  }

  @Test(arguments: ["-1", "", "x", "99999999999999999999"])
  func `at an impossible place is refused`(offset: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("data.bin", [UInt8](repeating: 0, count: 24))
    var files = ONNXExternalFiles(folder: folder.url, model: "model.onnx")
    #expect(throws: ONNXFault.self) {
      _ = try files.tensor(
        "w", entries: ["location": "data.bin", "offset": offset], shape: [2, 3], dataType: .float32)
    }
  }

  @Test func `of a model in memory is refused`() throws {
    var files = ONNXExternalFiles(folder: nil, model: "carried")
    #expect(
      message { _ = try files.tensor("w", entries: ["location": "data.bin"], shape: [1], dataType: .float32) }
        == "carried holds the tensor 'w' in another file, which Graft does not read. Read the model from its folder.")
  }
}
