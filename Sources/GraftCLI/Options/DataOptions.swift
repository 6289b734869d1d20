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

extension EvaluationView.Resize: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "crop": self = .shorterSideAndCrop
    case "squash": self = .squash
    default: return nil
    }
  }

  public var defaultValueDescription: String { self == .squash ? "squash" : "crop" }
  public static var allValueStrings: [String] { ["crop", "squash"] }
}

extension LayerSelector: ExpressibleByArgument {
  public init?(argument: String) {
    guard let selector = try? LayerSelector(parsing: argument) else { return nil }
    self = selector
  }
}

extension OptimizerKind: ExpressibleByArgument {}
extension FeaturePooling: ExpressibleByArgument {}
