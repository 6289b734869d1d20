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
  func initialTensor(seed: UInt64) -> Tensor {
    var generator = SeededGenerator(seed: seed, stream: name.fnv1a)
    switch initializer {
    case .zeros:
      return Tensor(zeros: shape)
    case .ones:
      return Tensor([Float](repeating: 1, count: shape.count), shape: shape)
    case .constant(let value):
      return Tensor([Float](repeating: value, count: shape.count), shape: shape)
    case .normal(let deviation):
      return Tensor((0..<shape.count).map { _ in generator.nextTruncatedNormal() * deviation }, shape: shape)
    case .glorotUniform(let fanIn, let fanOut):
      let limit = (6 / Float(fanIn + fanOut)).squareRoot()
      return Tensor((0..<shape.count).map { _ in (2 * generator.nextUniform() - 1) * limit }, shape: shape)
    case .heNormal(let fanIn):
      // Cutting the normal distribution off at 2σ leaves 0.8796 of its standard deviation.
      let deviation = (2 / Float(fanIn)).squareRoot() / 0.8796
      return Tensor((0..<shape.count).map { _ in generator.nextTruncatedNormal() * deviation }, shape: shape)
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
