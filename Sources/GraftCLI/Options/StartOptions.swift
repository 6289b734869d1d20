import ArgumentParser
import Foundation
import Graft

/// What a training starts from: a backbone with new heads, or a run.
struct StartOptions: ParsableArguments {
  @Option(help: BackboneOptions.backboneHelp)
  var backbone: String?

  @Option(help: BackboneOptions.weightsHelp)
  var weights: String?

  @Option(help: BackboneOptions.cutHelp)
  var cut: String?

  @Option(help: ArgumentHelp("Go on from a run instead of beginning with a backbone.", valueName: "run"))
  var from: String?

  @Option(help: ArgumentHelp("Side of the square images, in pixels.", valueName: "pixels"))
  var imageSize: Int?

  @Option(help: ArgumentHelp("What is done to images, where the weights do not say.", valueName: "mode"))
  var preprocessing: String?

  @Option(help: "How photographs are brought to size: by the shorter side, then the middle; or squashed.")
  var resize = ResizeOption.crop

  @Option(help: "How the feature map becomes a vector: avg, max or flatten.")
  var pool: FeaturePooling = .avg

  @Option(help: "Share of the features that the head does without in each step.")
  var dropout: Float = 0

  @Option(
    help: ArgumentHelp(
      "Units of dense layers with ReLU before the head's last one: 256, or 512,128 for two.", valueName: "units"),
    transform: { try hiddenUnits($0) })
  var hidden: [Int] = []

  @Option(
    help: ArgumentHelp(
      "What the head scores by: linear, or cosine, the angle between features and a direction for each class, times a scale as in "
        + "cosine:10.", valueName: "kind"),
    transform: { try headKind($0) })
  var head = Head.Kind.linear

  func check() throws {
    guard (backbone == nil) != (from == nil) else {
      throw ValidationError("name either --backbone with --weights, or --from with a run")
    }
    if from != nil, weights != nil || imageSize != nil || preprocessing != nil || !hidden.isEmpty {
      throw ValidationError("--from takes weights, image size, preprocessing and head from the run")
    }
    guard (0..<1).contains(dropout) else {
      throw ValidationError("--dropout is \(dropout); expected 0 or more and less than 1")
    }
    guard pool != .none else {
      throw ValidationError("--pool none leaves no vector for the head; use avg, max or flatten")
    }
  }

  /// The backbone, loaded; what became of its file is said.
  func load(seed: UInt64) throws -> Backbone {
    var options = BackboneOptions()
    options.backbone = backbone ?? ""
    options.weights = weights
    options.cut = cut
    options.imageSize = imageSize
    options.preprocessing = preprocessing
    try options.validate()
    return try options.load(seed: seed)
  }
}

private func hiddenUnits(_ text: String) throws -> [Int] {
  let units = text.split(separator: ",").compactMap { Int($0) }
  guard units.count == text.split(separator: ",", omittingEmptySubsequences: false).count,
    units.allSatisfy({ (1...65536).contains($0) })
  else { throw ValidationError("--hidden is \(text); expected numbers of units such as 256 or 512,128") }
  return units
}

private func headKind(_ text: String) throws -> Head.Kind {
  let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
  switch (parts.first, parts.count == 2 ? Float(parts[1]) : nil) {
  case ("linear", nil) where parts.count == 1: return .linear
  case ("cosine", nil) where parts.count == 1: return .cosine()
  case ("cosine", let scale?) where scale > 0 && scale.isFinite: return .cosine(scale: scale)
  default:
    throw ValidationError("--head is \(text); expected linear, cosine, or cosine with a scale above 0: cosine:10")
  }
}
