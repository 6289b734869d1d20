import ArgumentParser
import Foundation
import Graft

/// Photographs of another kind, without labels, that a training is drawn near to.
struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder of photographs of another kind, of which no classes are known. Each step sees as many of them as of the others, and "
        + "makes the covariances of what the network says of both alike (Deep CORAL).", valueName: "dir"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "How much that counts beside the labels; the paper chose it so that both losses were about the same at the end, and "
        + "history.csv has them both, this one as coral. (default: 1)", valueName: "weight"))
  var coral: Double?

  func validate() throws {
    guard coral == nil || target != nil else {
      throw ValidationError("--coral says how much --target counts; name a folder of photographs with --target")
    }
  }

  /// The photographs that were named; nil for none.
  ///
  /// - Throws: `DatasetError` where the folder is missing or empty.
  func open() throws -> TargetDomain? {
    try target.map { try TargetDomain(folder: URL(filePath: $0), weight: coral ?? 1) }
  }
}
