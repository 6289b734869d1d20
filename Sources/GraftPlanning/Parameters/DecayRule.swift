import GraftGraph

/// What pulls parameters, and where to.
public struct DecayRule: Hashable, Sendable, Codable {
  /// The pull towards zero.
  public var weightDecay: Double
  /// L2-SP: the pull of the backbone's parameters towards what they started from, in place of the one towards zero, which
  /// is then the new head's alone: α and, in `weightDecay`, β of Li, Grandvalet and Davoine, arXiv:1802.01483. Nil where
  /// everything is pulled towards zero.
  public var towardsStart: Double?
  /// Whether only kernels are pulled, and biases, γ, β and the like are not.
  public var sparesBiasesAndNorms: Bool

  public init(weightDecay: Double = 0, towardsStart: Double? = nil, sparesBiasesAndNorms: Bool = true) {
    self.weightDecay = weightDecay
    self.towardsStart = towardsStart
    self.sparesBiasesAndNorms = sparesBiasesAndNorms
  }

  /// - Throws: `PlanningError.invalidOption` where a pull is negative or no number.
  public func validate() throws(PlanningError) {
    for (option, pull) in [("--weight-decay", weightDecay), ("--l2sp", towardsStart ?? 0)]
    where !(pull >= 0 && pull.isFinite) {
      throw .invalidOption(option, expected: "0 or more", found: "\(pull)")
    }
  }
}
