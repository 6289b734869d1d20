import Foundation
import GraftGraph

/// Why a plan cannot be made.
public enum PlanningError: Error, Hashable {
  case invalidSelector(String, reason: String)
  /// `word` is none that selectors are made of.
  case unknownSelector(String, in: String, suggestions: [String])
  case invalidPattern(String)
  case unknownLayer(String, suggestions: [String])
  case unknownStage(String, suggestions: [String], stages: [String])
  case noWeights(String)
  case nothingMatches(pattern: String, examples: [String])
  case selectsNothing(String)
  case tooManyLayers(asked: Int, weighted: Int)
  case tooManyStages(asked: Int, stages: [String])
  case invalidBatchNorm(String, reason: String)
  case invalidRates(String, reason: String)
  case invalidStages(String, reason: String)
  /// More epochs are named than there are, so that none are left for a stage that names none.
  case noEpochsLeft(stage: String, named: Int, epochs: Int)
  /// Adapters are asked for, and no convolution or dense layer of the backbone is to train.
  case nothingToAdapt
  case invalidOption(String, expected: String, found: String)
}

extension PlanningError: CustomStringConvertible, LocalizedError {
  public var description: String {
    switch self {
    case .invalidSelector(let text, let reason):
      "“\(text)” does not say which layers to unfreeze: \(reason); write \(LayerSelector.words), "
        + "with , for “and”, & for “of these”, ! for “not”"
    case .unknownSelector(let word, let text, let suggestions):
      (word == text
        ? "“\(text)” does not say which layers to unfreeze" : "“\(word)” in “\(text)” selects nothing known")
        + (suggestions.isEmpty ? "; write \(LayerSelector.words)" : didYouMean(suggestions))
    case .invalidPattern(let pattern):
      "“\(pattern)” is no regular expression; with * and ? for any characters and one, write match: instead of regex:"
    case .unknownLayer(let name, let suggestions):
      "there is no layer “\(name)”\(suggestions.isEmpty ? ";" : didYouMean(suggestions)) `graft inspect` lists them all"
    case .unknownStage(let name, let suggestions, let stages):
      "there is no stage “\(name)”"
        + (suggestions.isEmpty
          ? stages.isEmpty ? "; the network has none" : "; there are \(stages.joined(separator: ", "))"
          : didYouMean(suggestions))
    case .noWeights(let name):
      "“\(name)” has nothing that could train; write from:\(name) for what follows it"
    case .nothingMatches(let pattern, let examples):
      "no layer with weights matches “\(pattern)”; they are named like \(examples.joined(separator: ", "))"
    case .selectsNothing(let text):
      "“\(text)” selects nothing of this backbone; write head where only the head shall train"
    case .tooManyLayers(let asked, let weighted):
      "last:\(asked) asks for more layers than the backbone has with weights (\(weighted)); write all instead"
    case .tooManyStages(let asked, let stages):
      "last-stage:\(asked) asks for more stages than the backbone has with weights "
        + (stages.isEmpty ? "(none)" : "(\(stages.joined(separator: ", ")))") + "; write all instead"
    case .invalidBatchNorm(let text, let reason):
      "“\(text)” does not say how batch normalisations behave: \(reason); write frozen, affine, reestimate or train, and "
        + "for some layers such as “affine,frozen:match:conv1_*”"
    case .nothingToAdapt:
      "low-rank adapters learn in place of the backbone's kernels, and none of a convolution or dense layer is to train; say which, as "
        + "in --unfreeze last-stage:1 or --unfreeze all"
    case .invalidRates(let text, let reason):
      "“\(text)” does not say how fast parameters move: \(reason); write uniform, decay:0.4 (for each stage from the head "
        + "down), or factors such as “all=0.1; norm=1”"
    case .invalidStages(let text, let reason):
      "“\(text)” is no stage of a training: \(reason); write stages such as “head 5 epochs → last:1 5 epochs at lr/10 → all”"
    case .noEpochsLeft(let stage, let named, let epochs):
      "no epochs are left for “\(stage)”: the other stages take \(named) of --epochs \(epochs)"
    case .invalidOption(let option, let expected, let found):
      "\(option) is \(found); expected \(expected)"
    }
  }

  public var errorDescription: String? { description }
}
