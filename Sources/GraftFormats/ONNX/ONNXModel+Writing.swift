import Foundation
import GraftTensors

extension ONNXModel {
  /// Writes the model, whole or not at all. The same model gives the same bytes; tensors go from where they are to the
  /// file, with no copy of the file in memory.
  ///
  /// Not by protobuf-c, which would need all tensors copied into one message before the first byte is written.
  ///
  /// - Throws: `FormatError.writeFailed`; also where an attribute is `.unsupported`, or the file would exceed the 2 GiB
  ///   that protobuf allows.
  public func write(to url: URL) throws {
    let path = url.path(percentEncoded: false)
    let graph = try ONNXGraphPieces(graph, path: path)
    var head = WireWriter(path: path)
    head.integer(1, irVersion)
    head.text(2, producerName)
    head.text(3, producerVersion)
    head.text(4, domain)
    var tail = WireWriter(path: path)
    for (domain, version) in operatorSets.sorted(by: { $0.key < $1.key }) {
      tail.operatorSet(8, domain, version)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      tail.message(14) {
        $0.text(1, key)
        $0.text(2, value)
      }
    }
    for function in functions { try tail.function(25, function) }
    guard head.bytes.count + graph.byteCount + tail.bytes.count + 16 <= Int32.max else {
      throw FormatError.writeFailed(path: path, reason: "an ONNX file cannot exceed 2 GiB")
    }
    head.bytes.appendTag(7, .lengthDelimited)
    head.bytes.appendVarint(UInt64(graph.byteCount))
    try AtomicFile.write(to: url) { file in
      try file.write(head.bytes)
      try graph.write(to: file)
      try file.write(tail.bytes)
    }
  }
}

/// A graph's message in pieces: small ones as bytes, tensors as they are.
private struct ONNXGraphPieces {
  private var small: [UInt8]
  /// The message of each tensor up to its elements.
  private var tensors: [(head: [UInt8], tensor: Tensor)] = []
  private(set) var byteCount: Int

  init(_ graph: ONNXGraph, path: String) throws {
    var writer = WireWriter(path: path)
    for node in graph.nodes { try writer.node(1, node) }
    writer.text(2, graph.name)
    for value in graph.inputs { writer.value(11, value) }
    for value in graph.outputs { writer.value(12, value) }
    small = writer.bytes
    byteCount = small.count
    for initializer in graph.initializers {
      var head = WireWriter(path: path)
      head.tensorHead(initializer.tensor, name: initializer.name)
      var outer: [UInt8] = []
      outer.appendTag(5, .lengthDelimited)
      outer.appendVarint(UInt64(head.bytes.count + initializer.tensor.byteCount))
      outer += head.bytes
      tensors.append((outer, initializer.tensor))
      let (sum, overflows) = byteCount.addingReportingOverflow(outer.count + initializer.tensor.byteCount)
      guard !overflows else { throw FormatError.writeFailed(path: path, reason: "its tensors are too large") }
      byteCount = sum
    }
  }

  func write(to file: AtomicFile) throws {
    try file.write(small)
    for (head, tensor) in tensors {
      try file.write(head)
      try tensor.withUnsafeBytes { try file.write($0) }
    }
  }
}
