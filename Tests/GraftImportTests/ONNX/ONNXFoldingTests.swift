import GraftFormats
import GraftTensors
import Testing

@testable import GraftImport

private struct Folded: CustomTestStringConvertible {
  let type: String
  let inputs: [Tensor]
  var options: [String: ONNXAttribute] = [:]
  let expected: [Float]
  var shape: Shape?

  var testDescription: String { "\(type) \(options.keys.sorted()) \(expected)" }
}

private let table = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])

private let cases = [
  Folded(type: "Add", inputs: [table, vector(10, 20, 30)], expected: [11, 22, 33, 14, 25, 36], shape: [2, 3]),
  Folded(type: "Sub", inputs: [integers([5]), integers([7])], expected: [-2]),
  Folded(type: "Div", inputs: [integers([7, -7]), integers([2])], expected: [3, -3]),
  Folded(type: "Mod", inputs: [integers([7, -7]), integers([3])], expected: [1, 2]),
  Folded(type: "Pow", inputs: [vector(2, 3), number(2)], expected: [4, 9]),
  Folded(type: "Max", inputs: [integers([1, 5]), integers([3, 2])], expected: [3, 5]),
  Folded(
    type: "Where", inputs: [integers([1, 0]), integers([1, 2]), integers([3, 4])], expected: [1, 4]),
  Folded(type: "Equal", inputs: [integers([1, -1]), integers([-1])], expected: [0, 1]),
  Folded(type: "Greater", inputs: [vector(1, 3), vector(2, 2)], expected: [0, 1]),
  Folded(type: "Not", inputs: [integers([0, 1])], expected: [1, 0]),
  Folded(type: "Sqrt", inputs: [vector(4, 9)], expected: [2, 3]),
  Folded(
    type: "Gather", inputs: [table, integers([-1, 0])], options: ["axis": .integer(1)], expected: [3, 1, 6, 4],
    shape: [2, 2]),
  Folded(type: "Gather", inputs: [table, integers([1], shape: [])], expected: [4, 5, 6], shape: [3]),
  Folded(
    type: "Slice", inputs: [table, integers([-1]), integers([.min]), integers([1]), integers([-2])],
    expected: [3, 1, 6, 4], shape: [2, 2]),
  Folded(
    type: "Slice", inputs: [table], options: ["starts": .integers([1]), "ends": .integers([.max])],
    expected: [4, 5, 6], shape: [1, 3]),
  Folded(
    type: "Concat", inputs: [table, table], options: ["axis": .integer(-1)],
    expected: [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], shape: [2, 6]),
  Folded(type: "Transpose", inputs: [table], expected: [1, 4, 2, 5, 3, 6], shape: [3, 2]),
  Folded(type: "Reshape", inputs: [table, integers([-1, 0, 1])], expected: [1, 2, 3, 4, 5, 6], shape: [2, 3, 1]),
  Folded(type: "Unsqueeze", inputs: [table, integers([0, -1])], expected: [1, 2, 3, 4, 5, 6], shape: [1, 2, 3, 1]),
  Folded(
    type: "Tile", inputs: [vector(1, 2), integers([2])], expected: [1, 2, 1, 2], shape: [4]),
  Folded(type: "Expand", inputs: [vector(1, 2), integers([2, 1])], expected: [1, 2, 1, 2], shape: [2, 2]),
  Folded(type: "Range", inputs: [integers([5]), integers([0]), integers([-2])], expected: [5, 3, 1]),
  Folded(type: "Cast", inputs: [vector(1.9, -1.9)], options: ["to": .integer(7)], expected: [1, -1]),
  Folded(type: "Cast", inputs: [vector(0.5, 0)], options: ["to": .integer(9)], expected: [1, 0]),
  Folded(type: "Size", inputs: [table], expected: [6], shape: []),
  Folded(type: "Shape", inputs: [table], options: ["start": .integer(-1)], expected: [3], shape: [1]),
  Folded(
    type: "ReduceProd", inputs: [integers([2, 3, 4])], options: ["keepdims": .integer(0)], expected: [24], shape: []),
  Folded(
    type: "ReduceMean", inputs: [table], options: ["axes": .integers([-1])], expected: [2, 5], shape: [2, 1]),
  Folded(
    type: "ConstantOfShape", inputs: [integers([2, 2])], options: ["value": .tensor(vector(7))],
    expected: [7, 7, 7, 7],
    shape: [2, 2]),
]

@Suite struct `Constants computed while a graph is built` {
  @Test(arguments: cases)
  fileprivate func `are what the standard says`(folded: Folded) throws {
    var folding = ONNXFolding()
    let operation = ONNXOperation(
      node: ONNXNode(folded.type, inputs: [], outputs: ["y"], attributes: folded.options), version: 17,
      inputs: folded.inputs.map { .constant($0) }, name: "y")
    guard case .constant(let result)? = try folding.fold(operation)?.first else {
      Issue.record("no constant")
      return
    }
    #expect(result.floats == folded.expected)
    if let shape = folded.shape { #expect(result.shape == shape) }
  }

  @Test func `weights are only looked at from another side`() throws {
    var folding = ONNXFolding()
    let weights = Tensor(repeating: 1, shape: [1 << 15, 1 << 15])
    for (type, shape) in [("Transpose", [1 << 15, 1 << 15] as Shape), ("Identity", [1 << 15, 1 << 15])] {
      let operation = ONNXOperation(
        node: ONNXNode(type, inputs: [], outputs: ["y"]), version: 17, inputs: [.constant(weights)], name: "y")
      guard case .constant(let result)? = try folding.fold(operation)?.first else {
        Issue.record("no constant")
        return
      }
      #expect(result.shape == shape)
      #expect(result.strides == [0, 0])
    }
  }

  @Test func `the number of images passes through what moves it, and is lost in what computes with it`() throws {
    var folding = ONNXFolding()
    func fold(_ type: String, _ inputs: [ONNXOperand], _ options: [String: ONNXAttribute] = [:]) throws -> ONNXOperand?
    {
      let node = ONNXNode(type, inputs: [], outputs: ["y"], attributes: options)
      return try folding.fold(ONNXOperation(node: node, version: 17, inputs: inputs, name: "y"))?.first
    }
    let shape = ONNXOperand.extents(ONNXExtents(shape: [3], elements: [.batch, .number(4), .number(5)]))
    func elements(_ operand: ONNXOperand?) -> [ONNXExtent]? {
      guard case .extents(let extents)? = operand else { return nil }
      return extents.elements
    }
    let one = ONNXOperand.constant(integers([1]))
    #expect(try elements(fold("Mul", [shape, one])) == [.batch, .number(4), .number(5)])
    #expect(try elements(fold("Add", [shape, one])) == [.unknown, .number(5), .number(6)])
    #expect(try elements(fold("Concat", [shape, one], ["axis": .integer(0)]))?.first == .batch)
    guard case .constant(let sizes)? = try fold("Gather", [shape, .constant(integers([1, 2]))]) else {
      Issue.record("no constant")
      return
    }
    #expect(sizes.floats == [4, 5])
    #expect(throws: ONNXRefusal.self) { _ = try fold("ReduceProd", [shape]) }
  }
}
