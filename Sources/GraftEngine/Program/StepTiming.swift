/// How long one step of a program took: a primitive of oneDNN's, or what the host computes.
public struct StepTiming: Hashable, Sendable, Codable {
  /// What runs in which direction: a program's passes.
  public enum Pass: String, Hashable, Sendable, Codable, CaseIterable {
    case forward, backward
  }

  /// The kind of work that a step does.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case convolution, dense, pooling, activation, softmax, arithmetic, concatenation, resampling
    case batchNormalization = "batch normalisation"
    case localResponseNormalization = "local response normalisation"
    /// Only another layout or type of the same numbers.
    case reorder
    /// What no primitive does: Swift's own loops.
    case host
    /// A primitive that has no name here.
    case other
  }

  /// What a backward step leaves behind.
  public enum Gradient: String, Hashable, Sendable, Codable {
    case input, parameters
    /// Both in one step.
    case all
  }

  /// The layer that the step belongs to, under its own name. A layer may have several steps, or none: what is merged into
  /// another has that one's.
  public let layer: String
  public let kind: Kind
  /// Nil forward, and for what only helps backward: reorders, sums of gradients.
  public let gradient: Gradient?
  public let pass: Pass
  /// oneDNN's name for it, `brgconv:avx512_core_bf16`; `host` for the host's steps.
  public let implementation: String
  public var seconds: Double

  /// Whether oneDNN has only its plain implementation, which is slow.
  public var isReference: Bool { implementation.hasPrefix("ref") }

  public init(
    layer: String, kind: Kind, gradient: Gradient? = nil, pass: Pass, implementation: String, seconds: Double
  ) {
    self.layer = layer
    self.kind = kind
    self.gradient = gradient
    self.pass = pass
    self.implementation = implementation
    self.seconds = seconds
  }
}

extension Collection<StepTiming> {
  public var seconds: Double { reduce(0) { $0 + $1.seconds } }
}

extension [StepTiming] {
  /// The same steps, each with the median of its times in several runs of one program.
  ///
  /// - Parameter runs: at least one; of each run the same steps in the same order.
  public static func medians(of runs: [[StepTiming]]) -> [StepTiming] {
    combining(runs) { $0.sorted()[$0.count / 2] }
  }

  /// The same steps, each with all the time that it took in several runs of one program.
  ///
  /// - Parameter runs: at least one; of each run the same steps in the same order.
  public static func sums(of runs: [[StepTiming]]) -> [StepTiming] {
    combining(runs) { $0.reduce(0, +) }
  }

  private static func combining(_ runs: [[StepTiming]], _ combine: ([Double]) -> Double) -> [StepTiming] {
    precondition(!runs.isEmpty && runs.allSatisfy { $0.count == runs[0].count })
    return runs[0].indices.map { step in
      var timing = runs[0][step]
      timing.seconds = combine(runs.map { $0[step].seconds })
      return timing
    }
  }
}
