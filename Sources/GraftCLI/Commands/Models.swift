import ArgumentParser
import Foundation
import Graft

struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the networks that are known by name.",
    discussion: """
      Examples:
        graft models
        graft models --json
      """)

  @Flag(help: "Print one JSON object on stdout, and nothing else there.")
  var json = false

  func run() throws {
    let models = try Architecture.all.map(ModelReport.init)
    if json {
      printJSON(["models": models])
    } else {
      for model in models {
        let name = model.name.padding(toLength: 24, withPad: " ", startingAt: 0)
        print(
          "\(name)\(model.title), \(model.inputSize) pixels, \(model.parameters.formatted()) parameters without top")
      }
    }
  }
}

private struct ModelReport: Encodable {
  let name, title, source: String
  let inputSize, minimumInputSize, parameters: Int
  let preprocessing: String?

  init(_ architecture: Architecture) throws {
    name = architecture.name
    title = architecture.title
    source = architecture.source
    inputSize = architecture.defaultInputSize
    minimumInputSize = architecture.minimumInputSize
    parameters = try architecture.graph().parameterCount
    preprocessing = KnownWeights.customaryPreprocessing(of: architecture)?.name
  }
}
