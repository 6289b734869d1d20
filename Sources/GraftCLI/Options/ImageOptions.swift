import ArgumentParser
import Foundation
import Graft

/// How photographs are read.
struct ImageOptions: ParsableArguments {
  @Flag(help: "Stop at the first image that cannot be read, instead of leaving it out.")
  var strict = false

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  /// Names every image that was left out.
  func report(_ skipped: [SkippedImage]) {
    for image in skipped { Terminal.standard.write("skipped \(image)") }
  }
}

/// How photographs are brought to size, in the command line's words.
enum ResizeOption: String, CaseIterable, ExpressibleByArgument {
  case crop, squash

  var resize: EvaluationView.Resize {
    switch self {
    case .crop: .shorterSideAndCrop
    case .squash: .squash
    }
  }
}

extension FeaturePooling: ExpressibleByArgument {}

extension MemoryUse: ExpressibleByArgument {
  static let help: ArgumentHelp = """
    fast keeps the activations that the backward pass needs; low keeps few and computes the others a second time: the same \
    numbers, in less memory and about a quarter more time.
    """
}
