import GraftGraph
import GraftTensors

/// Arithmetic between tensors and constants.
enum KerasArithmetic {
  static let table: [String: KerasOperations.Implementation] = [
    "add": { operands, writer in
      try binary(operands, &writer, Add(operands.name)) {
        (scale: [1], offset: $0)
      } right: {
        (scale: [1], offset: $0)
      }
    },
    "subtract": { operands, writer in
      try binary(operands, &writer, Subtract(operands.name)) {
        (scale: [1], offset: $0.map { -$0 })
      } right: {
        (scale: [-1], offset: $0)
      }
    },
    "multiply": { operands, writer in
      try binary(operands, &writer, Multiply(operands.name)) {
        (scale: $0, offset: [0])
      } right: {
        (scale: $0, offset: [0])
      }
    },
    "divide": divide,
    "bias_add": { operands, writer in
      guard case .node(let input) = try operands.operand(0, "value"),
        let bias = try operands.constant(1, "bias")?.flatNumbers(),
        try operands.constant(2, "data_format")?.text?.hasPrefix("NC") != true
      else { throw KerasRefusal("its bias is no list of numbers for the last axis") }
      return try linear(input, (scale: [1], offset: bias), operands, &writer)
    },
    "negative": { operands, writer in
      try writer.add(Rescaling(operands.name, scale: -1), after: [operands.tensor()])
    },
    "maximum": { operands, writer in
      try extremum(operands, &writer, Maximum(operands.name)) { limit in
        limit == 0 ? .relu : .clip(min: limit, max: .greatestFiniteMagnitude)
      }
    },
    "minimum": { operands, writer in
      try extremum(operands, &writer, Minimum(operands.name)) { .clip(min: -.greatestFiniteMagnitude, max: $0) }
    },
  ]

  /// x · scale + offset, each one number or one for each channel.
  private typealias Linear = (scale: [Float], offset: [Float])

  /// Two tensors, or a tensor and a constant to its right or left.
  private static func binary(
    _ operands: KerasOperands, _ writer: inout KerasGraphWriter, _ layer: some Layer,
    left: ([Float]) -> Linear, right: ([Float]) -> Linear
  ) throws -> String {
    switch (try operands.operand(0, "x", "x1"), try operands.operand(1, "y", "x2")) {
    case (.node(let first), .node(let second)):
      return try KerasMerging.join(layer, [first, second], &writer)
    case (.node(let input), .constant(let value)):
      return try linear(input, left(try numbers(value)), operands, &writer)
    case (.constant(let value), .node(let input)):
      return try linear(input, right(try numbers(value)), operands, &writer)
    case (.constant, .constant): throw KerasRefusal("both its arguments are constants")
    }
  }

  private static func numbers(_ value: KerasValue) throws(KerasRefusal) -> [Float] {
    guard let numbers = value.flatNumbers(), !numbers.isEmpty else {
      throw KerasRefusal("its constant is \(value.summary), not numbers")
    }
    return numbers
  }

  private static func linear(
    _ input: String, _ function: Linear, _ operands: KerasOperands, _ writer: inout KerasGraphWriter
  ) throws -> String {
    if function.scale.count == 1, function.offset.count == 1 {
      return try writer.add(
        Rescaling(operands.name, scale: function.scale[0], offset: function.offset[0]), after: [input])
    }
    return try KerasScaling.perChannel(
      input, scale: function.scale, offset: function.offset, named: operands.name, &writer)
  }

  @Sendable private static func divide(
    _ operands: KerasOperands, _ writer: inout KerasGraphWriter
  ) throws -> String {
    if case .constant(let value) = try operands.operand(0, "x", "x1"), let numerator = value.float,
      case .node(let input) = try operands.operand(1, "y", "x2")
    {
      let inverse = try writer.add(
        Activation("\(operands.name)/inverse", .power(exponent: -1)), after: [input])
      return try writer.add(Rescaling(operands.name, scale: numerator), after: [inverse])
    }
    return try binary(operands, &writer, Divide(operands.name)) {
      (scale: $0.map { 1 / $0 }, offset: [0])
    } right: {
      (scale: $0, offset: [0])
    }
  }

  private static func extremum(
    _ operands: KerasOperands, _ writer: inout KerasGraphWriter, _ layer: some Layer,
    _ function: (Float) -> Activation.Function
  ) throws -> String {
    switch (try operands.operand(0, "x", "x1"), try operands.operand(1, "y", "x2")) {
    case (.node(let first), .node(let second)): return try KerasMerging.join(layer, [first, second], &writer)
    case (.node(let input), .constant(let value)), (.constant(let value), .node(let input)):
      guard let limit = value.float, limit.isFinite else {
        throw KerasRefusal("its constant is \(value.summary), not a number")
      }
      return try writer.add(Activation(operands.name, function(limit)), after: [input])
    case (.constant, .constant): throw KerasRefusal("both its arguments are constants")
    }
  }
}
