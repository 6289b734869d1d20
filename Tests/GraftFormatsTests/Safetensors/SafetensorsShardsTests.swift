import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct SafetensorsShardsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (part, names) in [("m-1.safetensors", ["b", "a"]), ("m-2.safetensors", ["c"])] {
      try SafetensorsFile.write(
        names.map { ($0, Tensor(ramp(2, from: Float($0.utf8.first ?? 0)), shape: [2])) },
        to: folder.url.appending(path: part))
    }
  }

  private func index(_ json: String) throws -> URL {
    try folder.file("m.safetensors.index.json", json.utf8)
  }

  private func refusal(_ json: String) throws -> String {
    let url = try index(json)
    return message { _ = try SafetensorsFile(shardsOf: url) }.replacing(folder.url.path + "/", with: "")
  }

  @Test func `tensors of several files are one network`() throws {
    let url = try index(
      #"{"metadata": {"total_size": 24}, "weight_map": {"a": "m-1.safetensors", "c": "m-2.safetensors", "b": "m-1.safetensors"}}"#
    )
    let file = try SafetensorsFile(shardsOf: url)
    #expect(file.tensors.map(\.name) == ["b", "a", "c"])
    #expect(file["c"]?.floats == [99, 100])
  }

  @Test func `what the list does not name is left out`() throws {
    let url = try index(#"{"weight_map": {"a": "m-1.safetensors"}}"#)
    #expect(try SafetensorsFile(shardsOf: url).tensors.map(\.name) == ["a"])
  }

  @Test(arguments: ["../m-1.safetensors", "/etc/m.safetensors", ".hidden.safetensors", "passwords.txt"])
  func `files elsewhere are not touched`(part: String) throws {
    #expect(
      try refusal("{\"weight_map\": {\"a\": \"\(part)\"}}")
        == "m.safetensors.index.json is not a valid safetensors index file: it names the file '\(part)', and only "
        + ".safetensors files beside it are read. Download it again, or write it again with the program that made it.")
  }

  @Test(
    arguments: [
      ("[]", "it is not a JSON object whose 'weight_map' maps names to files"),
      (#"{"weight_map": {}}"#, "its 'weight_map' is empty"),
      (
        #"{"weight_map": {"z": "m-1.safetensors"}}"#,
        "it says that 'm-1.safetensors' holds the tensor 'z', which is not there"
      ),
    ])
  func `a list that says what is not so is refused`(json: String, reason: String) throws {
    #expect(
      try refusal(json)
        == "m.safetensors.index.json is not a valid safetensors index file: \(reason). "
        + "Download it again, or write it again with the program that made it.")
  }

  @Test func `a part that is missing is named`() throws {
    #expect(
      try refusal(#"{"weight_map": {"a": "m-3.safetensors"}}"#)
        == "There is no file at m-3.safetensors. Check the path.")
  }
}
