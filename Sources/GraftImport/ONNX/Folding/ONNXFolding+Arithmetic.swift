import Foundation
import GraftFormats
import GraftTensors

// What computes with numbers.
extension ONNXFolding {
  static let arithmetic: [String: Operator] = [
    "Add": binary({ extents($0, $1) { $0.addingReportingOverflow($1) } }, +),
    "Sub": binary({ extents($0, $1) { $0.subtractingReportingOverflow($1) } }, -),
    "Mul": binary(multiplied, *),
    "Div": binary(divided, /),
    "Mod": binary(
      { first, second in
        // The sign of the divisor, as in Python.
        extents(first, second) { a, b in b == 0 || b == -1 ? (0, b == 0) : ((a % b + b) % b, false) }
      }, { $0 - ($0 / $1).rounded(.down) * $1 }),
    "Min": variadic(Swift.min, Swift.min),
    "Max": variadic(Swift.max, Swift.max),
    "Sum": binary({ extents($0, $1) { $0.addingReportingOverflow($1) } }, +),
    "Pow": { _, inputs in
      try binary({ _, _ in .unknown }, pow)(undefined, inputs.map { try real($0) })
    },
    "Equal": comparison({ $0 == $1 }, { $0 == $1 }),
    "Greater": comparison({ $0 > $1 }, { $0 > $1 }),
    "GreaterOrEqual": comparison({ $0 >= $1 }, { $0 >= $1 }),
    "Less": comparison({ $0 < $1 }, { $0 < $1 }),
    "LessOrEqual": comparison({ $0 <= $1 }, { $0 <= $1 }),
    "And": comparison({ $0 != 0 && $1 != 0 }, { $0 != 0 && $1 != 0 }),
    "Or": comparison({ $0 != 0 || $1 != 0 }, { $0 != 0 || $1 != 0 }),
    "Not": { _, inputs in
      let input = try first(inputs)
      return [ONNXNumbers(try input.integers("its inputs").map { $0 == 0 ? 1 : 0 }, shape: input.shape)]
    },
    "Where": { _, inputs in
      guard inputs.count == 3 else { throw ONNXRefusal("it lacks an input") }
      let shape = try broadcast(broadcast(inputs[0].shape, inputs[1].shape), inputs[2].shape)
      _ = try checkedCount(shape)
      let conditions = try inputs[0].picked(broadcastPositions(inputs[0].shape, to: shape), shape: shape)
        .integers("its conditions")
      let chosen = inputs[1...].map { $0.picked(broadcastPositions($0.shape, to: shape), shape: shape) }
      if case .whole(let yes) = chosen[0].elements, case .whole(let no) = chosen[1].elements {
        let picked = conditions.indices.map { conditions[$0] != 0 ? yes[$0] : no[$0] }
        return [ONNXNumbers(.whole(picked), shape: shape, dataType: chosen[0].dataType)]
      }
      let (yes, no) = (try real(chosen[0]).doubles ?? [], try real(chosen[1]).doubles ?? [])
      let picked = conditions.indices.map { conditions[$0] != 0 ? yes[$0] : no[$0] }
      return [ONNXNumbers(.real(picked), shape: shape, dataType: chosen[0].dataType)]
    },
    "Neg": unary { -$0 },
    "Abs": unary(abs),
    "Sqrt": unary { $0.squareRoot() },
    "Exp": unary(exp),
    "Log": unary(log),
    "Floor": unary { $0.rounded(.down) },
    "Ceil": unary { $0.rounded(.up) },
    "Round": unary { $0.rounded(.toNearestOrEven) },
    "Reciprocal": unary { 1 / $0 },
    "Relu": unary { Swift.max($0, 0) },
    "Clip": { operation, inputs in
      // Options until version 10, inputs from 11 on.
      let least = try operation.floatInput(1, "its least value") ?? operation.float("min", default: -.infinity)
      let greatest = try operation.floatInput(2, "its greatest value") ?? operation.float("max", default: .infinity)
      return try unary { Swift.min(Swift.max($0, Double(least)), Double(greatest)) }(operation, inputs)
    },
    "Sigmoid": unary { 1 / (1 + exp(-$0)) },
    "ReduceProd": reduction { $0.reduce(1, *) },
    "ReduceSum": reduction { $0.reduce(0, +) },
    "ReduceSumSquare": reduction { $0.reduce(0) { $0 + $1 * $1 } },
    "ReduceL2": reduction { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() },
    "ReduceMax": reduction { $0.max() ?? -.infinity },
    "ReduceMin": reduction { $0.min() ?? .infinity },
    "ReduceMean": reduction { $0.reduce(0, +) / Double($0.count) },
  ]

  private static let undefined = ONNXOperation(
    node: .init("", inputs: [], outputs: []), version: 0, inputs: [], name: "")

  private static func real(_ input: ONNXNumbers) throws -> ONNXNumbers {
    guard let numbers = input.doubles else { throw ONNXRefusal("it computes with the number of images") }
    return ONNXNumbers(.real(numbers), shape: input.shape, dataType: input.dataType)
  }

  /// Whole numbers as whole ones, without trusting them to fit.
  private static func extents(
    _ first: ONNXExtent, _ second: ONNXExtent, _ body: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) -> ONNXExtent {
    guard case .number(let a) = first, case .number(let b) = second else { return .unknown }
    let (value, overflows) = body(a, b)
    return overflows ? .unknown : .number(value)
  }

  private static func multiplied(_ first: ONNXExtent, _ second: ONNXExtent) -> ONNXExtent {
    if first == .number(1) { return second }
    if second == .number(1) { return first }
    return extents(first, second) { $0.multipliedReportingOverflow(by: $1) }
  }

  private static func divided(_ first: ONNXExtent, _ second: ONNXExtent) -> ONNXExtent {
    second == .number(1) ? first : extents(first, second) { $0.dividedReportingOverflow(by: $1) }
  }

  private static func binary(
    _ whole: @escaping @Sendable (ONNXExtent, ONNXExtent) -> ONNXExtent,
    _ real: @escaping @Sendable (Double, Double) -> Double
  ) -> Operator {
    { _, inputs in
      guard var result = inputs.first, inputs.count > 1 else { throw ONNXRefusal("it lacks an input") }
      for next in inputs.dropFirst() {
        let shape = try broadcast(result.shape, next.shape)
        _ = try checkedCount(shape)
        let first = result.picked(broadcastPositions(result.shape, to: shape), shape: shape)
        let second = next.picked(broadcastPositions(next.shape, to: shape), shape: shape)
        if case .whole(let a) = first.elements, case .whole(let b) = second.elements {
          result = ONNXNumbers(.whole(zip(a, b).map(whole)), shape: shape, dataType: result.dataType)
        } else {
          let (a, b) = (try Self.real(first).doubles ?? [], try Self.real(second).doubles ?? [])
          result = ONNXNumbers(.real(zip(a, b).map(real)), shape: shape, dataType: result.dataType)
        }
      }
      return [result]
    }
  }

  private static func variadic(
    _ whole: @escaping @Sendable (Int, Int) -> Int, _ real: @escaping @Sendable (Double, Double) -> Double
  ) -> Operator {
    let joined = binary({ extents($0, $1) { (whole($0, $1), false) } }, real)
    return { operation, inputs in inputs.count == 1 ? inputs : try joined(operation, inputs) }
  }

  private static func comparison(
    _ whole: @escaping @Sendable (Int, Int) -> Bool, _ real: @escaping @Sendable (Double, Double) -> Bool
  ) -> Operator {
    let compared = binary(
      { extents($0, $1) { (whole($0, $1) ? 1 : 0, false) } }, { real($0, $1) ? 1 : 0 })
    return { operation, inputs in
      let results = try compared(operation, inputs)
      return results.map { result in
        guard case .real(let numbers) = result.elements else { return result }
        return ONNXNumbers(numbers.map { $0 == 0 ? 0 : 1 }, shape: result.shape, dataType: .bool)
      }
    }
  }

  private static func unary(_ body: @escaping @Sendable (Double) -> Double) -> Operator {
    { _, inputs in
      let input = try first(inputs)
      guard let numbers = input.doubles else { throw ONNXRefusal("it computes with the number of images") }
      let results = numbers.map(body)
      guard input.dataType.isWhole else {
        return [ONNXNumbers(.real(results), shape: input.shape, dataType: input.dataType)]
      }
      return [ONNXNumbers(try results.map(whole), shape: input.shape, dataType: input.dataType)]
    }
  }

  private static func whole(_ number: Double) throws -> Int {
    guard let whole = Int(exactly: number.rounded(.towardZero)) else {
      throw ONNXRefusal("it computes a whole number beyond all bounds")
    }
    return whole
  }

  private static func reduction(_ body: @escaping @Sendable ([Double]) -> Double) -> Operator {
    { operation, inputs in
      let input = try first(inputs)
      guard let numbers = input.doubles else { throw ONNXRefusal("it computes with the number of images") }
      let rank = input.shape.count
      let given = try operation.integers("axes", orInput: 1) ?? []
      if given.isEmpty, try operation.integer("noop_with_empty_axes", default: 0) != 0 { return [input] }
      let axes = Set(try given.map { try axis($0, rank: rank) })
      let isReduced = { (axis: Int) in axes.isEmpty || axes.contains(axis) }
      let keeps = try operation.integer("keepdims", default: 1) != 0
      let kept = input.shape.indices.map { isReduced($0) ? 1 : input.shape[$0] }
      let strides = zip(kept, Shape(kept).rowMajorStrides).map { $0 == 1 ? 0 : $1 }
      var groups = [[Double]](repeating: [], count: kept.reduce(1, *))
      for (number, group) in zip(numbers, positions(input.shape, strides: strides)) { groups[group].append(number) }
      let shape = keeps ? kept : input.shape.indices.filter { !isReduced($0) }.map { input.shape[$0] }
      let results = groups.map(body)
      if input.dataType.isWhole { return [ONNXNumbers(try results.map(whole), shape: shape)] }
      return [ONNXNumbers(.real(results), shape: shape, dataType: input.dataType)]
    }
  }
}
