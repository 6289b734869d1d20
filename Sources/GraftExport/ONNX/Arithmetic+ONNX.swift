import GraftFormats
import GraftGraph
import GraftTensors

extension Add: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishJoining(inputs.count == 2 ? "Add" : "Sum", inputs)
  }
}

extension Subtract: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishJoining("Sub", inputs)
  }
}

extension Multiply: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let operands = builder.aligned(inputs)
    // The operator takes two; products of more are rare.
    let product = operands.dropFirst().dropLast().reduce(operands[0]) { builder.add("Mul", [$0, $1]) }
    builder.finish("Mul", [product, operands[operands.count - 1]])
  }
}

extension Divide: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishJoining("Div", inputs)
  }
}

extension Maximum: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishJoining("Max", inputs)
  }
}

extension Minimum: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishJoining("Min", inputs)
  }
}

extension Average: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    builder.finishJoining("Mean", inputs)
  }
}

extension Reduction: ONNXExportable {
  func export(_ inputs: [ONNXBuilder.Value], to builder: inout ONNXBuilder) throws {
    let batched = axes.map { $0 + 1 }
    let keeps = ["keepdims": ONNXAttribute.integer(keepsDimensions ? 1 : 0)]
    // The sum alone takes its axes as a tensor in this version of the operators.
    if operation == .sum {
      return builder.finish("ReduceSum", [inputs[0].name, builder.integers(batched)], keeps)
    }
    let types: [Operation: String] = [.mean: "ReduceMean", .max: "ReduceMax", .min: "ReduceMin"]
    builder.finish(
      types[operation] ?? "", [inputs[0].name], keeps.merging(["axes": .integers(batched)]) { first, _ in first })
  }
}

extension ONNXBuilder {
  fileprivate mutating func finishJoining(_ type: String, _ inputs: [Value]) {
    finish(type, aligned(inputs))
  }

  /// A vector `[C]` beside a feature map counts at every position: `[C, 1, 1]`, which ONNX must be told.
  fileprivate mutating func aligned(_ inputs: [Value]) -> [String] {
    let rank = inputs.map(\.shape.rank).max() ?? 0
    return inputs.map { input in
      guard input.shape.rank == 1, rank == 3 else { return input.name }
      return add("Unsqueeze", [input.name, integers([2, 3])])
    }
  }
}
