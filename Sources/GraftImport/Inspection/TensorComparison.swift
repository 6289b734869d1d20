import GraftTensors

/// Two files' tensors held against each other.
public struct TensorComparison: Sendable {
  public enum Verdict: Hashable, Sendable {
    /// Bit for bit.
    case identical
    /// The same shape, other numbers. `largest` is the greatest difference between two numbers in the same place;
    /// `relative` is that over the first tensor's greatest magnitude.
    case differs(largest: Double, relative: Double)
    case shapes(Shape, Shape)
    case onlyInFirst, onlyInSecond
  }

  public struct Row: Hashable, Sendable {
    /// The first file's name for it, or the second's where the first has none.
    public let name: String
    /// The second file's, where that is another.
    public let otherName: String?
    public let verdict: Verdict
  }

  /// How tensors found their partners.
  public enum Matching: String, Sendable {
    case names
    /// No name is in both files, but as many tensors of the same shapes come in the same order.
    case order
  }

  public let rows: [Row]
  public let matching: Matching

  /// Whether every tensor of each file is in the other, bit for bit.
  public var isIdentical: Bool { rows.allSatisfy { $0.verdict == .identical } }

  /// - Complexity: O(elements).
  public init(_ first: [(name: String, tensor: Tensor)], _ second: [(name: String, tensor: Tensor)]) {
    let others = Dictionary(second.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let shared = first.contains { others[$0.name] != nil }
    if !shared, !first.isEmpty, first.map(\.tensor.shape) == second.map(\.tensor.shape) {
      matching = .order
      rows = zip(first, second).map { one, other in
        Row(name: one.name, otherName: other.name, verdict: Verdict(one.tensor, other.tensor))
      }
      return
    }
    matching = .names
    let names = Set(first.map(\.name))
    rows =
      first.map { name, tensor in
        Row(name: name, otherName: nil, verdict: others[name].map { Verdict(tensor, $0) } ?? .onlyInFirst)
      } + second.filter { !names.contains($0.name) }.map { Row(name: $0.name, otherName: nil, verdict: .onlyInSecond) }
  }
}

extension TensorComparison.Verdict {
  /// Numbers are compared as float64, whatever types the files keep them in.
  init(_ first: Tensor, _ second: Tensor) {
    guard first.shape == second.shape else {
      self = .shapes(first.shape, second.shape)
      return
    }
    let isSame =
      first.dataType == second.dataType
      && first.withUnsafeBytes { one in second.withUnsafeBytes { one.elementsEqual($0) } }
    if isSame {
      self = .identical
      return
    }
    var (largest, magnitude) = (0.0, 0.0)
    let (one, other) = (first.converted(to: .float64), second.converted(to: .float64))
    one.withUnsafeBytes { one in
      other.withUnsafeBytes { other in
        for (a, b) in zip(one.bindMemory(to: Double.self), other.bindMemory(to: Double.self)) {
          magnitude = max(magnitude, abs(a))
          // NaN beside a number is as different as can be; NaN beside NaN is the same.
          let difference = a.isNaN && b.isNaN || a == b ? 0 : abs(a - b)
          largest = difference.isNaN ? .infinity : max(largest, difference)
        }
      }
    }
    self = largest == 0 ? .identical : .differs(largest: largest, relative: largest / magnitude)
  }
}
