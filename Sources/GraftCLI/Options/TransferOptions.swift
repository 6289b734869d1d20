import ArgumentParser
import Graft

/// What trains, in which stages, how fast, and towards what.
struct TransferOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What of the backbone trains: \(LayerSelector.words); together with , for “and”, & for “of these”, ! for “not”, as in "
        + "last:2,norm or all&bias. (default: head)",
      valueName: "what"),
    transform: { try LayerSelector(parsing: $0) })
  var unfreeze: LayerSelector?

  @Option(
    help: ArgumentHelp(
      "Stages one after the other, instead of --unfreeze: what trains, epochs, rate, as in “head 5 epochs → last:1 5 epochs "
        + "at lr/10 → all”; or gradual:N, which thaws one stage of the network after another, each after N epochs. Stages "
        + "that name no epochs share what the others leave of --epochs.",
      valueName: "stages"),
    transform: { try StagedPlan(parsing: $0) })
  var stages: StagedPlan?

  @Option(
    help: ArgumentHelp(
      "How fast the backbone's stages move: this times the rate for the last, its square for the one before, and so on; or "
        + "factors, as in “all=0.1; norm=1”.",
      valueName: "factor|rules"),
    transform: { try RateRule(parsing: Double($0) == nil ? $0 : "decay:" + $0) })
  var lrDecay: RateRule = .uniform

  @Option(
    name: .customLong("l2sp"),
    help: ArgumentHelp(
      "Pull of the backbone's kernels towards the numbers that they start from, instead of towards zero (L2-SP).",
      valueName: "alpha"))
  var towardsStart: Double?

  @Option(
    help: ArgumentHelp(
      "Let products of two small kernels of this rank learn in place of the unfrozen kernels, beside them (LoRA); the run holds the "
        + "network with them added in.",
      valueName: "rank"))
  var lora: Int?

  @Option(
    help: ArgumentHelp(
      "How batch normalisations of unfrozen layers behave: frozen; affine (γ and β train, the moving statistics are used and "
        + "stay); reestimate (γ and β hold still, the batch's statistics are used and move the moving ones); train (both). "
        + "For some layers after a colon, as in train,frozen:match:conv1_* or affine,reestimate:all. (default: affine; train where the network starts with random numbers)",
      valueName: "rules"),
    transform: { try BatchNormRules(parsing: $0) })
  var batchNorm: BatchNormRules?

  func validate() throws {
    guard unfreeze == nil || stages == nil else {
      throw ValidationError("--stages says what trains in each stage; leave --unfreeze out")
    }
    if let towardsStart, !(towardsStart >= 0 && towardsStart.isFinite) {
      throw ValidationError("--l2sp is \(towardsStart); expected 0 or more")
    }
    if let lora, lora < 1 { throw ValidationError("--lora is \(lora); expected at least 1") }
  }

  /// Whether anything was said.
  var isEmpty: Bool {
    unfreeze == nil && stages == nil && lrDecay == .uniform && towardsStart == nil && batchNorm == nil && lora == nil
  }

  var plan: TransferPlan { plan(weightDecay: 0, batchNorm: .affine) }

  /// - Parameter policy: of batch normalisations, where nothing was said of them.
  func plan(weightDecay: Double, batchNorm policy: BatchNormPolicy) -> TransferPlan {
    TransferPlan(
      stages ?? StagedPlan(unfreeze ?? .head), batchNorm: batchNorm ?? BatchNormRules(policy), rates: lrDecay,
      decay: DecayRule(weightDecay: weightDecay, towardsStart: towardsStart), lowRank: lora)
  }
}
