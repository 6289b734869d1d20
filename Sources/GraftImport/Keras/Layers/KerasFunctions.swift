import GraftGraph
import GraftTensors

/// Functions of one tensor, and those that move elements.
enum KerasFunctions {
  static let table: [String: KerasOperations.Implementation] = {
    var table: [String: KerasOperations.Implementation] = [
      "concatenate": { operands, writer in
        let axis = try operands.constant(1, "axis")?.integer ?? -1
        return try KerasMerging.concatenate(operands.tensors(), axis: axis, named: operands.name, &writer)
      },
      "reshape": reshape,
      "transpose": transpose,
      "getitem": KerasSlicing.slice,
      "cast": cast,
      "identity": { operands, _ in try operands.tensor() },
      "stopgradient": { operands, _ in try operands.tensor() },
      "clip": { operands, writer in
        let lower = try operands.number(1, "x_min", "clip_value_min", default: -.greatestFiniteMagnitude)
        let upper = try operands.number(2, "x_max", "clip_value_max", default: .greatestFiniteMagnitude)
        return try writer.add(
          Activation(operands.name, lower == 0 && upper == 6 ? .relu6 : .clip(min: lower, max: upper)),
          after: [operands.tensor()])
      },
      "power": { operands, writer in
        guard let exponent = try operands.constant(1, "y", "x2")?.float else {
          throw KerasRefusal("its exponent is no number")
        }
        return try writer.add(Activation(operands.name, .power(exponent: exponent)), after: [operands.tensor()])
      },
    ]
    for (name, operation) in [("mean", Reduction.Operation.mean), ("max", .max), ("min", .min), ("sum", .sum)] {
      table[name] = { operands, writer in try reduce(operands, operation, &writer) }
    }
    for (name, function) in activations {
      table[name] = { operands, writer in
        try writer.add(Activation(operands.name, function(operands)), after: [operands.tensor()])
      }
    }
    for (name, function) in [("softmax", Activation.Function.softmax), ("logsoftmax", .logSoftmax)] {
      table[name] = { operands, writer in
        let axis = try operands.constant(1, "axis")?.integer ?? -1
        return try KerasActivation.add(function, after: operands.tensor(), axis: axis, named: operands.name, &writer)
      }
    }
    return table
  }()

  private static let activations: [String: @Sendable (KerasOperands) throws -> Activation.Function] = [
    "relu": { _ in .relu }, "relu6": { _ in .relu6 }, "sigmoid": { _ in .sigmoid }, "tanh": { _ in .tanh },
    "softplus": { _ in .softplus }, "softsign": { _ in .softsign }, "silu": { _ in .swish }, "selu": { _ in .selu },
    "hardsilu": { _ in .hardSwish }, "logsigmoid": { _ in .logSigmoid }, "exp": { _ in .exponential },
    "sqrt": { _ in .squareRoot }, "square": { _ in .square }, "abs": { _ in .absolute }, "log": { _ in .logarithm },
    // Only Keras 3 lists this one among its functions.
    "hardsigmoid": { _ in .hardSigmoid() },
    "elu": { .elu(alpha: try $0.number(1, "alpha", default: 1)) },
    "leakyrelu": { .leakyReLU(slope: try $0.number(1, "negative_slope", "alpha", default: 0.2)) },
    // keras.ops.gelu is approximate unless told otherwise, and says so among its options; tf.nn.gelu is exact.
    "gelu": { .gelu(approximate: try $0.constant(1, "approximate")?.bool ?? false) },
  ]

  @Sendable private static func cast(_ operands: KerasOperands, _ writer: inout KerasGraphWriter) throws -> String {
    let type = try operands.constant(1, "dtype")?.text ?? "float32"
    guard type.contains("float") else { throw KerasRefusal("it makes numbers of the type \(type)") }
    return try operands.tensor()
  }

  /// The batch comes first: -1, null or one image.
  @Sendable private static func reshape(_ operands: KerasOperands, _ writer: inout KerasGraphWriter) throws -> String {
    guard let shape = try operands.constant(1, "newshape", "shape")?.list, shape.count > 1 else {
      throw KerasRefusal("its shape is no list of whole numbers")
    }
    let target = shape.dropFirst().compactMap(\.integer)
    let batch = shape[0].integer ?? -1
    guard target.count == shape.count - 1, batch == -1 else {
      throw KerasRefusal("its shape \(KerasValue.list(shape).summary) does not keep images apart")
    }
    // With the batch -1 too, one more is not to be inferred.
    guard let count = try? writer.shape(operands.tensor()).count, target.saturatingProduct == count else {
      throw KerasRefusal("its shape \(KerasValue.list(shape).summary) does not keep images apart")
    }
    return try KerasReshaping.reshape(operands.tensor(), to: target, named: operands.name, &writer)
  }

  @Sendable private static func transpose(
    _ operands: KerasOperands, _ writer: inout KerasGraphWriter
  ) throws -> String {
    guard let axes = try operands.constant(1, "perm", "axes")?.integers, axes.first == 0 else {
      throw KerasRefusal("it moves the batch, and images are independent here")
    }
    return try KerasReshaping.permute(
      operands.tensor(), Array(axes.dropFirst()), named: operands.name, &writer)
  }

  private static func reduce(
    _ operands: KerasOperands, _ operation: Reduction.Operation, _ writer: inout KerasGraphWriter
  ) throws -> String {
    let input = try operands.tensor()
    let shape = try writer.shape(input)
    guard let given = try operands.constant(1, "axis")?.integers else {
      throw KerasRefusal("it works along the batch, and images are independent here")
    }
    var axes: [Int] = []
    for axis in given { axes.append(try writer.layout.graphAxis(axis, rank: shape.rank)) }
    let keeps = try operands.constant(2, "keepdims", "keep_dims")?.bool ?? false
    guard keeps || shape.rank - Set(axes).count < 2 || !axes.contains(0) || !writer.layout.isChannelsLast else {
      throw KerasRefusal("it draws the channels together and drops them, so that the width takes their place")
    }
    if shape.rank == 3, Set(axes) == [1, 2], operation == .mean {
      return try writer.add(GlobalAveragePooling2D(operands.name, keepsDimensions: keeps), after: [input])
    }
    if shape.rank == 3, Set(axes) == [1, 2], operation == .max {
      return try writer.add(GlobalMaxPooling2D(operands.name, keepsDimensions: keeps), after: [input])
    }
    return try writer.add(
      Reduction(operands.name, operation, axes: axes.sorted(), keepsDimensions: keeps), after: [input])
  }
}
