import Foundation
import GraftEngine
import GraftFormats
import Logging

/// The measurements of convolutions that a training goes by, kept beside its checkpoints: whatever becomes of the record that all
/// processes share, the training goes on by those that it began with.
///
/// What the shared record knew when the training began is copied; what either learns later, both remember. For another machine,
/// or another number of threads, there is another file in the folder. An empty folder says that the training began without
/// measurements, all convolutions running directly.
final class KeptAlgorithms: AlgorithmRecord {
  /// The folder's name among the checkpoints.
  static let folderName = "algorithms"

  /// That of the record that was copied: what was computed by it is what this training computes.
  let identity: String
  private let own: AlgorithmFile
  private let shared: (any AlgorithmRecord)?

  private init(in folder: URL, _ shared: (any AlgorithmRecord)?) throws {
    own = try AlgorithmFile(in: folder, copying: shared as? AlgorithmFile)
    identity = own.identity
    self.shared = shared
  }

  /// What a training goes by whose checkpoints lie in `settings.folder`; nil for all directly.
  ///
  /// A disk that refuses costs no training: it goes by the shared record then, and the log tells.
  static func opened(
    _ settings: CheckpointSettings, beside shared: (any AlgorithmRecord)?
  ) -> (any AlgorithmRecord)? {
    do {
      return try open(settings, beside: shared)
    } catch {
      Logger(label: "graft.training").warning(
        "which convolution algorithms this training goes by is not kept, so going on with it may come to other last bits: \(error)"
      )
      return shared
    }
  }

  private static func open(
    _ settings: CheckpointSettings, beside shared: (any AlgorithmRecord)?
  ) throws -> (any AlgorithmRecord)? {
    let files = FileManager.default
    let folder = settings.folder.appending(path: folderName)
    if !settings.resumes { try? files.removeItem(at: folder) }
    if !files.fileExists(atPath: folder.path) {
      if settings.resumes, settings.newest != nil {
        Logger(label: "graft.training").warning(
          "\(folder.relativePath) is missing, so which convolution algorithms this training began with is not known: it may come to other last bits"
        )
      }
      try AtomicDirectory.write(to: folder) { folder in
        if shared != nil { _ = try KeptAlgorithms(in: folder, shared) }
      }
    }
    let names = try files.contentsOfDirectory(atPath: folder.path)
    guard names.contains(where: { $0.hasSuffix(AlgorithmFile.suffix) }) else { return nil }
    return try KeptAlgorithms(in: folder, shared)
  }

  func times(of signature: String) -> AlgorithmTimes? {
    own.times(of: signature) ?? shared?.times(of: signature).map { kept($0, of: signature) }
  }

  func remember(_ times: AlgorithmTimes, of signature: String) -> AlgorithmTimes {
    kept(shared?.remember(times, of: signature) ?? times, of: signature)
  }

  /// Brought to the disk before anything is computed by it: a checkpoint must not outlive what it was computed by.
  private func kept(_ times: AlgorithmTimes, of signature: String) -> AlgorithmTimes {
    let kept = own.remember(times, of: signature)
    try? own.synchronize()
    return kept
  }
}
