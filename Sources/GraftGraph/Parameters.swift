import Foundation
import GraftTensors

/// The numbers of a network: tensors by name (`block1_conv1/kernel`), apart from the graph that says what they mean.
public struct Parameters: Sendable {
  public private(set) var tensors: [String: Tensor]

  public init(_ tensors: [String: Tensor] = [:]) {
    self.tensors = tensors
  }

  public subscript(name: String) -> Tensor? {
    get { tensors[name] }
    set { tensors[name] = newValue }
  }

  /// Takes over every tensor of `other`, replacing those of the same name.
  public mutating func merge(_ other: Parameters) {
    tensors.merge(other.tensors) { _, new in new }
  }

  /// Fresh numbers for the given tensors. Each depends on the seed and its own name alone, so that adding a layer
  /// changes no other layer's start.
  public static func initialized(_ specifications: [ParameterSpecification], seed: UInt64) -> Parameters {
    Parameters(
      Dictionary(
        specifications.map { ($0.name, $0.initialTensor(seed: seed)) }, uniquingKeysWith: { first, _ in first }))
  }
}

extension ParameterSpecification {
  fileprivate func initialTensor(seed: UInt64) -> Tensor {
    Tensor(uninitialized: shape) { bytes in
      let numbers = bytes.bindMemory(to: Float.self)
      numbers.initialize(repeating: 0)
      var span = numbers.mutableSpan
      initialize(&span, seed: seed)
    }
  }

  /// Writes the parameter's fresh numbers, row-major; which ones is the seed's and the name's alone.
  ///
  /// - Parameter numbers: as many as the shape holds.
  public func initialize(_ numbers: inout MutableSpan<Float>, seed: UInt64) {
    precondition(numbers.count == shape.count)
    var generator = SeededGenerator(seed: seed, stream: name.fnv1a)
    func fill(_ next: () -> Float) {
      for index in numbers.indices { numbers[index] = next() }
    }
    switch initializer {
    case .zeros: fill { 0 }
    case .ones: fill { 1 }
    case .constant(let value): fill { value }
    case .normal(let deviation): fill { generator.nextTruncatedNormal() * deviation }
    case .glorotUniform(let fanIn, let fanOut):
      let limit = (6 / Float(fanIn + fanOut)).squareRoot()
      fill { (2 * generator.nextUniform() - 1) * limit }
    case .heNormal(let fanIn):
      // Cutting the normal distribution off at 2σ leaves 0.8796 of its standard deviation.
      let deviation = (2 / Float(fanIn)).squareRoot() / 0.8796
      fill { generator.nextTruncatedNormal() * deviation }
    }
  }
}

extension SeededGenerator {
  /// Standard normal, redrawn where it falls beyond two standard deviations (Box and Muller, 1958).
  mutating func nextTruncatedNormal() -> Float {
    while true {
      let radius = (-2 * Foundation.log(1 - nextUniform())).squareRoot()
      let number = radius * Foundation.cos(2 * .pi * nextUniform())
      if abs(number) <= 2 { return number }
    }
  }
}

extension String {
  /// The Fowler–Noll–Vo hash: the same in every process, unlike Swift's own.
  fileprivate var fnv1a: UInt64 {
    utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01b3 }
  }
}
