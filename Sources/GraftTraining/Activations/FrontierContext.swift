import Foundation
import GraftEngine
import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors

/// All that decides, beside the image, what its activations at a frontier are, to the last bit, as one SHA-256.
struct FrontierContext: Sendable {
  /// 32 bytes.
  let digest: [UInt8]

  /// Hashes, in this order: Graft's version, the running code, the machine and how it was told to compute, the batch,
  /// view and preprocessing, the frontier's names and shapes, the frozen graph as JSON, and each of its parameters with
  /// its name, in the order of the layers.
  ///
  /// Weights are hashed as they lie, in their file's layout: the same numbers out of two formats are two contexts.
  ///
  /// - Parameters:
  ///   - prefix: the graph up to the frontier.
  ///   - batch: what the prefix is compiled for.
  ///   - compute: the precision and the algorithms: "fp32 direct".
  init(
    prefix: LayerGraph, parameters: Parameters, frontier: [LayerGraph.Node], view: EvaluationView,
    preprocessing: Preprocessing, batch: Int, compute: String
  ) async throws {
    let specifications = prefix.parameters
    // VGG-16 has half a gigabyte of them.
    let tensors = try await concurrently(specifications.count) { index in
      Result { try parameters[specifications[index].name].map { try ContentHash.sha256(lying: $0) } ?? [] }
    }.map { try $0.get() }
    var facts: [(name: String, content: [UInt8])] = [
      ("Graft", Array(graftVersion.utf8)),
      ("code", Array(RunningCode.facts.utf8)),
      ("machine", try Self.json(Machine.current)),
      ("compute", Array(compute.utf8)),
      ("batch", Array("\(batch)".utf8)),
      ("view", try Self.json(view)),
      ("preprocessing", try Self.json(preprocessing)),
    ]
    facts += frontier.map { ("frontier \($0.name)", Array("\($0.shape)".utf8)) }
    facts.append(("graph", try Self.json(prefix)))
    facts += zip(specifications, tensors).map { ($0.name, $1) }
    let hasher = try ContentHasher()
    for fact in facts {
      // With lengths, so that no two lists of facts are one text.
      try hasher.update("\(fact.name) \(fact.content.count)\n")
      try hasher.update(fact.content)
    }
    digest = try hasher.digest()
  }

  /// One value, one text.
  private static func json(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return Array(try encoder.encode(value))
  }
}
