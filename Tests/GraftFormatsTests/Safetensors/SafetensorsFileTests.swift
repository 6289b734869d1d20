import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `Safetensors files` {
  @Test func `of the reference implementation are read with names, types, elements and metadata`() throws {
    let file = try SafetensorsFile(contentsOf: fixture("reference.safetensors"))
    #expect(Set(file.tensors.map(\.name)) == ["conv.weight", "conv.bias", "steps"])
    let weight = try #require(file["conv.weight"])
    #expect(weight.dataType == .float32)
    #expect(weight.shape == [2, 3])
    #expect(weight.floats == ramp(6, from: 1))
    #expect(file["conv.bias"]?.dataType == .float16)
    #expect(file["conv.bias"]?.floats == ramp(2, from: 2))
    #expect(file["steps"]?.dataType == .int64)
    #expect(file["steps"]?.floats == ramp(3, from: 3))
    #expect(file["missing"] == nil)
    #expect(file.metadata == ["note": "größe / \"quoted\""])
  }

  @Test func `with bfloat16 and odd sizes are read`() throws {
    let file = try SafetensorsFile(contentsOf: fixture("bfloat16.safetensors"))
    #expect(file["odd"]?.floats == [0, 1, 2])
    #expect(file["half"]?.dataType == .bfloat16)
    #expect(file["half"]?.floats == [0, 1, 2, 3])
  }

  @Test func `come back as they were written, in order`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "a.safetensors")
    let strided = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).permuted([1, 0])
    let tensors: [(name: String, tensor: Tensor)] =
      [
        ("z", Tensor([7], shape: [])), ("odd", Tensor(zeros: [3], dataType: .uint8)), ("a/\"quoted\"/é", strided),
        ("none", Tensor(zeros: [0, 4])),
      ] + DataType.allCases.map { ("\($0)", Tensor(zeros: [2], dataType: $0)) }
    try SafetensorsFile.write(tensors, metadata: ["b": "2\n", "a": "1"], to: url)
    let file = try SafetensorsFile(contentsOf: url)
    #expect(file.tensors.map(\.name) == tensors.map(\.name))
    #expect(file.metadata == ["b": "2\n", "a": "1"])
    for (read, written) in zip(file.tensors, tensors) {
      #expect(read.tensor.dataType == written.tensor.dataType)
      #expect(read.tensor.shape == written.tensor.shape)
      #expect(read.tensor.floats == written.tensor.floats)
    }
  }

  @Test func `are the same bytes each time, elements at a multiple of 64`() throws {
    let folder = try TemporaryFolder()
    let metadata = Dictionary(uniqueKeysWithValues: (0..<20).map { ("key\($0)", "\($0)") })
    let files = try (0..<2).map { index in
      let url = folder.url.appending(path: "\(index)")
      try SafetensorsFile.write([("a", Tensor([1, 2], shape: [2]))], metadata: metadata, to: url)
      return try Data(contentsOf: url)
    }
    #expect(files[0] == files[1])
    let header = files[0].withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
    #expect((8 + header) % 64 == 0)
    #expect(files[0].count == 8 + header + 8)
  }

  @Test func `in memory are read as those on disk are`() throws {
    let data = NSData(data: try Data(contentsOf: fixture("reference.safetensors")))
    let bytes = UnsafeRawBufferPointer(start: data.bytes, count: data.length)
    let file = try SafetensorsFile(bytes: bytes, owner: data, name: "carried")
    #expect(file["conv.weight"]?.floats == ramp(6, from: 1))
    #expect(file["conv.bias"]?.floats == ramp(2, from: 2))
    #expect(file.metadata == ["note": "größe / \"quoted\""])
  }

  @Test func `in memory that are cut off bear the name that they were given`() throws {
    let data = NSData(data: try Data(contentsOf: fixture("reference.safetensors")).dropLast())
    let bytes = UnsafeRawBufferPointer(start: data.bytes, count: data.length)
    #expect(
      message { _ = try SafetensorsFile(bytes: bytes, owner: data, name: "carried") }
        == "carried is cut off: it holds \(data.length) bytes of the \(data.length + 1) that its header announces. "
        + "Download it again.")
  }

  @Test func `with two tensors of one name are not written`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "a.safetensors")
    let one = Tensor([1], shape: [1])
    #expect(
      message { try SafetensorsFile.write([("a", one), ("a", one)], to: url) }
        == "\(url.path) cannot be written: two tensors are called 'a'.")
    #expect(folder.names == [])
  }
}
