import Foundation
import GraftTensors
import Testing

@testable import GraftFormats

@Suite struct `ONNX models` {
  @Test(arguments: DataType.allCases)
  func `hold tensors of any type, as bytes and number by number`(dataType: DataType) throws {
    let model = try ONNXModel(contentsOf: fixture("onnx/types.onnx"))
    for kind in ["raw", "typed"] {
      let tensor = try #require(model.tensor("\(dataType)/\(kind)"))
      #expect(tensor.dataType == dataType)
      #expect(tensor.shape == [2, 3])
      #expect(tensor.floats == (dataType == .bool ? [0, 1, 1, 1, 1, 1] : ramp(6, from: 0)))
    }
  }

  @Test func `hold scalars, nothing, and the greatest of numbers`() throws {
    let model = try ONNXModel(contentsOf: fixture("onnx/types.onnx"))
    #expect(model.tensor("scalar")?.shape == [])
    #expect(model.tensor("scalar")?.floats == [7])
    #expect(model.tensor("none")?.shape == [0, 4])
    #expect(model.tensor("none")?.floats == [])
    let numbers = model.tensor("negative")?.withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) }
    #expect(numbers == [-1, .max])
  }

  @Test func `are a producer, operator sets, metadata and nodes with options of every kind`() throws {
    let model = try ONNXModel(contentsOf: fixture("onnx/attributes.onnx"))
    #expect(model.irVersion == 8)
    #expect(model.producerName == "fixture")
    #expect(model.producerVersion == "1.5")
    #expect(model.domain == "org.example")
    #expect(model.operatorSets == ["": 17, "com.example": 2])
    #expect(model.metadata == ["labels": "[\"cat\"]", "empty": ""])
    #expect(model.graph.name == "attributes")
    let node = try #require(model.graph.nodes.first)
    #expect(node.operatorType == "Example")
    #expect(node.domain == "com.example")
    #expect(node.name == "node")
    #expect(node.inputs == ["x", "", "w"])
    #expect(node.outputs == ["y", ""])
    #expect(node.described == Self.options)
  }

  static let options = [
    "graph": "unsupported(5)", "number": "float(1.5)", "numbers": "floats([1.0, 2.5])",
    "tensor": "tensor([2, 3] [0.0, 1.0, 2.0, 3.0, 4.0, 5.0])", "text": "text(\"größe\")",
    "texts": "texts([\"a\", \"\", \"b\"])", "whole": "integer(-3)", "wholes": "integers([1, -2, 3])",
  ]

  @Test func `say of their inputs what they know`() throws {
    let inputs = try ONNXModel(contentsOf: fixture("onnx/attributes.onnx")).graph.inputs
    #expect(inputs.map(\.name) == ["x", "unshaped", "sequence"])
    #expect(inputs[0].dataType == .float32)
    #expect(inputs[0].dimensions == [.symbol("N"), .size(3), .unknown, .size(224)])
    #expect(inputs[1].dataType == .float64)
    #expect(inputs[1].dimensions == nil)
    #expect(inputs[2].dataType == nil)
  }

  @Test func `bring functions along`() throws {
    let function = try #require(try ONNXModel(contentsOf: fixture("onnx/attributes.onnx")).functions.first)
    #expect(function.name == "Twice")
    #expect(function.domain == "com.example")
    #expect(function.inputs == ["a"])
    #expect(function.outputs == ["b"])
    #expect(function.attributes == ["scale"])
    #expect(function.operatorSets == ["": 17])
    #expect(function.nodes.map(\.operatorType) == ["Mul", "Scale"])
    #expect(function.nodes[1].described == ["factor": "reference(\"scale\")"])
    #expect(function.defaults.mapValues { "\($0)" } == ["offset": "float(2.0)"])
  }

  @Test func `leave the bytes of their tensors in the mapped file, aligned or not`() throws {
    let file = try MappedFile(fixture("onnx/types.onnx"))
    let model = try ONNXModel(bytes: file.bytes, owner: file, name: "types.onnx")
    let places = file.bytes.baseAddress.map { UInt(bitPattern: $0) }.map { $0..<$0 + UInt(file.bytes.count) }
    let range = try #require(places)
    var askew = 0
    for name in ["float32/raw", "float32/typed", "float64/raw", "float64/typed", "int64/raw", "float16/raw"] {
      let tensor = try #require(model.tensor(name))
      let address = tensor.withUnsafeStorage { UInt(bitPattern: $0.baseAddress) }
      #expect(range.contains(address), "\(name)")
      askew += Int(address) % tensor.dataType.byteCount == 0 ? 0 : 1
    }
    #expect(askew > 0)
  }

  @Test func `come back as they were written`() throws {
    let folder = try TemporaryFolder()
    for name in ["types.onnx", "attributes.onnx"] {
      var model = try ONNXModel(contentsOf: fixture("onnx/\(name)"))
      for index in model.graph.nodes.indices { model.graph.nodes[index].attributes["graph"] = nil }
      let (first, second) = (folder.url.appending(path: "1-\(name)"), folder.url.appending(path: "2-\(name)"))
      try model.write(to: first)
      let read = try ONNXModel(contentsOf: first)
      #expect(read.metadata == model.metadata)
      #expect(read.operatorSets == model.operatorSets)
      #expect(read.graph.inputs.map(\.dimensions) == model.graph.inputs.map(\.dimensions))
      #expect(read.graph.nodes.map(\.described) == model.graph.nodes.map(\.described))
      #expect(read.functions.flatMap(\.nodes).map(\.described) == model.functions.flatMap(\.nodes).map(\.described))
      #expect(read.graph.initializers.map(\.name) == model.graph.initializers.map(\.name))
      for (mine, theirs) in zip(read.graph.initializers, model.graph.initializers) {
        #expect(mine.tensor.dataType == theirs.tensor.dataType)
        #expect(mine.tensor.shape == theirs.tensor.shape)
        #expect(mine.tensor.floats == theirs.tensor.floats)
      }
      try read.write(to: second)
      #expect(try Data(contentsOf: first) == Data(contentsOf: second))
    }
  }

  @Test func `are written with tensors of any strides in row-major order`() throws {
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "a.onnx")
    let turned = Tensor(ramp(6, from: 0), shape: [2, 3]).permuted([1, 0])
    let graph = ONNXGraph(
      name: "g", nodes: [], initializers: [ONNXInitializer("w", turned)], inputs: [],
      outputs: [ONNXValue("y", dataType: .float32, dimensions: [.symbol("N"), .unknown, .size(2)])])
    try ONNXModel(operatorSets: ["": 17], graph: graph).write(to: url)
    let read = try ONNXModel(contentsOf: url)
    #expect(read.tensor("w")?.shape == [3, 2])
    #expect(read.tensor("w")?.floats == [0, 3, 1, 4, 2, 5])
    #expect(read.graph.outputs[0].dimensions == [.symbol("N"), .unknown, .size(2)])
  }

  @Test func `with a subgraph cannot be written, and nothing is`() throws {
    let folder = try TemporaryFolder()
    let model = try ONNXModel(contentsOf: fixture("onnx/attributes.onnx"))
    let url = folder.url.appending(path: "a.onnx")
    #expect(
      message { try model.write(to: url) }
        == "\(url.path) cannot be written: the attribute 'graph' is of the unknown kind 5.")
    #expect(folder.names == [])
  }
}

extension ONNXModel {
  func tensor(_ name: String) -> Tensor? {
    graph.initializers.first { $0.name == name }?.tensor
  }
}

extension ONNXNode {
  /// The options in words, to compare.
  fileprivate var described: [String: String] {
    attributes.mapValues {
      if case .tensor(let tensor) = $0 { return "tensor(\(tensor.shape) \(tensor.floats))" }
      return "\($0)"
    }
  }
}
