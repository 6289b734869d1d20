import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftPlanning

/// Which training a checkpoint is of: two SHA-256, in hexadecimal digits, of all that decides what it comes to, beside the machine.
struct TrainingIdentity: Hashable, Sendable, Codable {
  /// Of network, numbers, stages, configuration, and each image's path and targets. Where activations are remembered decides nothing
  /// and plays no part.
  var training: String
  /// Of the images' files. Reading them all takes a twentieth of what decoding them takes.
  var photographs: String
}

extension Trainer {
  @EngineActor
  func identity(_ photographs: PhotographHashes) async throws -> TrainingIdentity {
    do {
      return try await TrainingIdentity(training: identityOfTraining, photographs: photographs.identity())
    } catch is CancellationError {
      throw TrainingError.cancelledBeforeFirstEpoch
    }
  }

  private var identityOfTraining: String {
    get async throws {
      var decisive = configuration
      decisive.cacheSize = 0
      decisive.frontierCache = nil
      var facts: [[UInt8]] = []
      func update(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
          positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        facts.append(Array(try encoder.encode(value)))
      }
      try update(model.graph)
      try update(model.tasks)
      try update(model.view)
      try update(model.preprocessing)
      for stage in stages {
        try update(stage.plan.trainableParameters(of: model.graph).map(\.name))
        try update(stage.plan.batchNormModes)
        try update("\(stage.epochs) \(stage.learningRate)")
        try update(stage.parameters)
        try update(stage.solver)
      }
      try update(decisive)
      facts += try await model.digests
      for sample in training + validation {
        try update(IdentifiedSample(sample))
      }
      if let target {
        try update(target.weight)
        for sample in target.samples { try update(IdentifiedSample(sample)) }
      }
      if let teacher {
        try update(teacher.precision)
        try update(teacher.model.graph)
        try update(teacher.model.tasks)
        try update(teacher.model.view)
        try update(teacher.model.preprocessing)
        facts += try await teacher.model.digests
      }
      let hasher = try ContentHasher()
      for fact in facts {
        // With lengths, so that no two lists of facts are one text.
        try hasher.update("\(fact.count)\n")
        try hasher.update(fact)
      }
      return try hasher.digest().hexadecimal
    }
  }
}

extension TrainedModel {
  /// Each parameter's name, and its SHA-256.
  fileprivate var digests: [[UInt8]] {
    get async throws {
      let (specifications, parameters) = (graph.parameters, parameters)
      let tensors = try await concurrently(specifications.count) { index in
        Result { try parameters[specifications[index].name].map { try ContentHash.sha256(lying: $0) } ?? [] }
      }.map { try $0.get() }
      return zip(specifications, tensors).flatMap { [Array($0.name.utf8), $1] }
    }
  }
}

private struct IdentifiedSample: Encodable {
  let path: String
  /// Of each task its class, its labels in order, or its values.
  let targets: [[Float]]
  let weight: Float

  init(_ sample: Sample) {
    path = sample.path
    targets = sample.targets.map { target in
      switch target {
      case .oneClass(let label): [Float(label)]
      case .labels(let labels): labels.sorted().map(Float.init)
      case .values(let values): values
      }
    }
    weight = sample.weight
  }
}
