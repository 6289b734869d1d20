import GraftEngine

/// What convolutions and dense layers multiply, and why that was chosen.
public struct PrecisionChoice: Hashable, Sendable, Codable {
  public enum Reason: String, Hashable, Sendable, Codable {
    /// Somebody named it.
    case asked
    /// The run had it whose model is used or goes on learning.
    case run
    /// This processor does not multiply bfloat16 of itself.
    case processor
    /// The features of some photographs in both precisions.
    case trial
    /// A trial was wanted, and none of the photographs can be read.
    case noPhotograph = "no_photograph"
  }

  /// What a trial has found: the cosine of a photograph's features in float32 and in bfloat16, each −1 to 1.
  public struct Trial: Hashable, Sendable, Codable {
    public var leastCosine: Double
    public var meanCosine: Double
    public var photographs: Int
  }

  public var precision: Precision
  public var reason: Reason
  /// nil where there was none.
  public var trial: Trial?

  /// What somebody named.
  public static func asked(_ precision: Precision) -> PrecisionChoice {
    PrecisionChoice(precision, .asked)
  }

  init(_ precision: Precision, _ reason: Reason) {
    self.precision = precision
    self.reason = reason
  }

  /// What follows from a trial: bfloat16 where no photograph's cosine is below `PrecisionTrial.leastCosine`.
  ///
  /// - Parameter cosines: one for each photograph.
  init(cosines: [Double]) {
    // In order: a sum's last bit shall not depend on which of them were remembered.
    let cosines = cosines.sorted()
    guard let least = cosines.first else {
      self.init(.float32, .noPhotograph)
      return
    }
    self.init(least >= PrecisionTrial.leastCosine ? .bfloat16 : .float32, .trial)
    trial = Trial(
      leastCosine: least, meanCosine: cosines.reduce(0, +) / Double(cosines.count), photographs: cosines.count)
  }
}
