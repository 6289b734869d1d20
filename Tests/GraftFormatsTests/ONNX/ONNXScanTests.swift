import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

/// Messages of protobuf by hand, sound and otherwise.
private struct Message {
  var bytes: [UInt8] = []

  static func varint(_ field: Int, _ value: UInt64) -> Message {
    var message = Message()
    message.bytes.appendTag(field, .varint)
    message.bytes.appendVarint(value)
    return message
  }

  static func field(_ field: Int, _ content: [UInt8]) -> Message {
    var message = Message()
    message.bytes.appendTag(field, .lengthDelimited)
    message.bytes.appendVarint(UInt64(content.count))
    message.bytes += content
    return message
  }

  static func field(_ field: Int, _ parts: Message...) -> Message { .field(field, parts.flatMap(\.bytes)) }
  static func text(_ field: Int, _ text: String) -> Message { .field(field, Array(text.utf8)) }
}

/// A model whose graph holds these; version 8 of the format.
private func model(_ parts: Message...) -> [UInt8] {
  Message.varint(1, 8).bytes + Message.field(7, parts.flatMap(\.bytes)).bytes
}

/// An initializer “w” of the given dimensions and type, with these fields besides.
private func tensor(_ dimensions: [UInt64], type: UInt64 = 1, _ parts: Message...) -> Message {
  let head = dimensions.flatMap { Message.varint(1, $0).bytes } + Message.varint(2, type).bytes
  return .field(5, head + Message.text(8, "w").bytes + parts.flatMap(\.bytes))
}

/// What is wrong with a file of these bytes, in the reader's words; "nothing" where nothing is.
private func fault(_ bytes: [UInt8]) -> String {
  let words = message {
    let owner = NSData(data: Data(bytes))
    let buffer = UnsafeRawBufferPointer(start: owner.bytes, count: owner.length)
    _ = try ONNXModel(bytes: buffer, owner: owner, name: "a.onnx")
  }
  let prefix = "a.onnx is not a valid ONNX file: "
  let suffix = ". Download it again, or write it again with the program that made it."
  guard words.hasPrefix(prefix), words.hasSuffix(suffix) else { return words }
  return String(words.dropFirst(prefix.count).dropLast(suffix.count))
}

@Suite struct `The scan of an ONNX file` {
  @Test func `finds nothing wrong with an empty graph`() {
    #expect(fault(model()) == "nothing")
  }

  @Test func `asks for a graph`() {
    #expect(fault(Message.varint(1, 8).bytes) == "it has no graph")
  }

  @Test func `believes no length beyond the message that it is in`() {
    #expect(
      fault([0x08, 8, 0x3a, 100, 0x0a])
        == "field 7 at byte 3 announces 100 bytes, where 1 are left")
    // A name of 100 bytes in a node of 2, though the file goes on.
    let inner = Message.field(7, [0x0a, 2, 0x1a, 100])
    #expect(
      fault(Message.varint(1, 8).bytes + inner.bytes + [UInt8](repeating: 0, count: 200))
        == "field 3 at byte 7 announces 100 bytes, where 0 are left")
    #expect(
      fault([0x08, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])
        == "field 7 at byte 3 announces 18446744073709551615 bytes, where 0 are left")
  }

  @Test func `finds numbers that are cut off or too long`() {
    #expect(fault([0x08, 0x80]) == "the number at byte 1 is cut off")
    #expect(
      fault([0x08] + [UInt8](repeating: 0x80, count: 10) + [0])
        == "the number at byte 1 is longer than ten bytes")
    #expect(fault([0x08, 8, 0x15, 0, 0]) == "field 2 at byte 3 is cut off")
  }

  @Test(arguments: [[0x08, 8, 0x3b], [0x08, 8, 0x3c], [0x08, 8, 0x3e], [0x08, 8, 0x02]] as [[UInt8]])
  func `knows no groups, kinds or fields that protobuf does not`(bytes: [UInt8]) {
    #expect(fault(bytes) == "the byte at 2 begins no field of protobuf")
  }

  @Test func `refuses a known field of another kind`() {
    #expect(fault([0x08, 8, 0x38, 1]) == "field 7 of the model at byte 0 is of the wrong type")
    #expect(fault(model(.varint(5, 1))) == "field 5 of the graph at byte 4 is of the wrong type")
  }

  @Test func `refuses two graphs, and names with a zero byte`() {
    #expect(fault(model() + Message.field(7, []).bytes) == "a model has two of field 7")
    #expect(fault(model(.field(2, [65, 0, 66]))) == "the text at byte 6 has a zero byte in it")
  }

  @Test func `skips what it does not know, and counts it`() {
    let known = Message.varint(1, 8).bytes + Message.field(7, Message.text(2, "g")).bytes
    #expect(fault(known + [UInt8](repeating: 0, count: 0) + Message.text(6, "documentation").bytes) == "nothing")
    let many = [[UInt8]](repeating: [0xa8, 0x06, 0], count: ONNXScan.Limit.skippedFields + 1).flatMap { $0 }
    #expect(fault(known + many) == "it has more than 16,777,216 unknown fields, and no network has")
  }

  @Test func `counts fields, so that two bytes cannot become hundreds a million times`() {
    let nodes = [[UInt8]](repeating: [0x0a, 0], count: ONNXScan.Limit.fields).flatMap { $0 }
    #expect(fault(model(Message(bytes: nodes))) == "it has more than 524,288 fields, and no network has")
    let numbers = Message.field(
      1, Message.field(5, Message.field(8, [UInt8](repeating: 1, count: ONNXScan.Limit.fields))))
    #expect(fault(model(numbers)) == "it has more than 524,288 numbers, and no network has")
  }

  @Test func `counts bytes of names and attributes`() {
    let long = Message.field(
      1, Message.field(5, Message.field(4, [UInt8](repeating: 65, count: ONNXScan.Limit.bytes))))
    #expect(
      fault(model(long)) == "it has more than 67,108,864 bytes of names and attributes, and no network has")
  }

  @Test func `follows no nesting: graphs within nodes are left where they are`() {
    var nested = Message.text(2, "innermost")
    // An attribute's graph (field 6), in a node's attribute (5), in a graph's node (1), …
    for _ in 0..<3000 { nested = Message.field(1, Message.field(5, Message.field(6, nested))) }
    #expect(fault(model(nested)) == "nothing")
  }

  @Test func `does not take a place of elements from a file`() throws {
    let own = Message.field(ONNXScan.elementsField, [9, 0, 4])
    #expect(fault(model(tensor([1], own))) == "the tensor 'w' has the shape [1], but no elements")
  }
}

@Suite struct `Tensors of a hostile ONNX file` {
  @Test func `have as many bytes as their shape asks for`() {
    #expect(
      fault(model(tensor([2, 3], .field(9, [UInt8](repeating: 0, count: 20)))))
        == "the tensor 'w' of shape [2, 3] and type float32 needs 24 bytes, but has 20")
    #expect(fault(model(tensor([2, 3]))) == "the tensor 'w' has the shape [2, 3], but no elements")
  }

  @Test(
    arguments: [[1 << 62, 4], [UInt64(bitPattern: -1)], [1 << 40, 1 << 40, 0]] as [[UInt64]])
  func `have no impossible shape`(dimensions: [UInt64]) {
    let words = fault(model(tensor(dimensions, .field(9, [0, 0, 0, 0]))))
    #expect(words.hasPrefix("the tensor 'w' has the impossible shape"))
  }

  @Test func `of a trillion elements are not allocated`() {
    #expect(
      fault(model(tensor([1 << 40], type: 7, .field(7, [1, 2, 3]))))
        == "the tensor 'w' of shape [1099511627776] has fewer elements, or more than are read one by one")
    #expect(
      fault(model(tensor([2], type: 7, .field(7, [1, 2, 3]))))
        == "the tensor 'w' of shape [2] needs 2 elements, but has 3 or more")
  }

  @Test func `have their elements in one place, of their own type`() {
    let four = [UInt8](repeating: 0, count: 4)
    #expect(
      fault(model(tensor([1], .field(9, four), .field(4, four)))) == "the tensor 'w' has its elements in two places")
    #expect(
      fault(model(tensor([1], type: 7, .field(4, four))))
        == "the tensor 'w' has its int64 elements in the field of another type")
    #expect(fault(model(tensor([1], type: 6, .field(5, [0x80])))) == "the number at byte 15 is cut off")
  }

  @Test func `may be written in pieces`() {
    let four = [UInt8](repeating: 0, count: 4)
    #expect(fault(model(tensor([2], .field(4, four), .field(4, four)))) == "nothing")
    #expect(fault(model(tensor([2], type: 7, .varint(7, 1), .varint(7, 2)))) == "nothing")
  }

  @Test(arguments: [(8, "text"), (14, "complex64"), (22, "int4"), (99, "the unknown type 99")])
  func `are of a type that Graft reads`(code: UInt64, title: String) {
    #expect(
      fault(model(tensor([1], type: code, .field(9, [0]))))
        == "a.onnx holds the tensor 'w' of \(title), which Graft does not read. "
        + "Save the model with weights of float32 or float16.")
  }

  @Test func `are not sparse`() throws {
    let url = try fixture("onnx/sparse.onnx")
    #expect(
      message { _ = try ONNXModel(contentsOf: url) }
        == "\(url.path) holds sparse tensors ('sparse'), which Graft does not read. Save the model with dense weights.")
  }
}
