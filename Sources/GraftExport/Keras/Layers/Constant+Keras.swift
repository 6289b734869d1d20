import GraftGraph
import GraftTensors

/// Keras has no layer that returns numbers of its own; what adds them to an image or multiplies it with them is a rescaling.
extension KerasBuilder {
  /// Appends a rescaling for a layer one of whose inputs is a constant.
  ///
  /// - Parameters:
  ///   - constant: the numbers, channels first.
  ///   - isFirst: whether the constant is the layer's first input.
  mutating func addRescaling(
    for layer: any Layer, _ value: Value, by constant: Tensor, isFirst: Bool, shape: Shape
  ) throws -> Value {
    guard value.shape == shape.channelsLast, constant.shape.dimensions.dropFirst().allSatisfy({ $0 == 1 }),
      constant.shape.rank == 1 || constant.shape.rank == shape.rank
    else { throw Inexpressible("Keras has no constants but those of channels, and this one is \(constant.shape)") }
    let numbers = constant.floats
    let none = [Float](repeating: 0, count: numbers.count)
    let ones = [Float](repeating: 1, count: numbers.count)
    let (scale, offset): ([Float], [Float])
    switch layer {
    case is Add: (scale, offset) = (ones, numbers)
    case is Subtract where isFirst: (scale, offset) = (ones.map { -$0 }, numbers)
    case is Subtract: (scale, offset) = (ones, numbers.map { -$0 })
    case is Multiply: (scale, offset) = (numbers, none)
    case is Divide where !isFirst: (scale, offset) = (numbers.map { 1 / $0 }, none)
    default: throw Inexpressible("Keras has no constants, and here one is an input")
    }
    guard (scale + offset).allSatisfy(\.isFinite) else {
      throw Inexpressible("it calculates with numbers that are not finite")
    }
    return add(
      "Rescaling", [value], shape: value.shape, ["scale": .oneOrMany(scale), "offset": .oneOrMany(offset)])
  }
}

extension KerasConfiguration {
  /// One number where all are the same.
  fileprivate static func oneOrMany(_ numbers: [Float]) -> KerasConfiguration {
    Set(numbers).count == 1 ? .number(numbers[0]) : .numbers(numbers)
  }
}
