import Foundation
import GraftFormats

/// A folder where trainings leave activations for each other, one file for each frontier, and how large it may grow.
/// Beside them lie small files of what was found out about precisions.
public struct FrontierCache: Hashable, Sendable, Codable {
  public var folder: URL
  /// The most that the files may take together, in bytes. A training whose own activations need more leaves none.
  public var limit: Int

  public init(_ folder: URL, limit: Int) {
    self.folder = folder
    self.limit = limit
  }

  /// What a file holds, by the ending of its name: nothing else in the folder is ever touched.
  enum Content: String, CaseIterable {
    case activations, cosines
  }

  /// Opens the file of a frontier, or creates it, and marks it as the one used last.
  ///
  /// - Throws: where the folder cannot be written to.
  func file(
    of context: FrontierContext, payloadBytes: Int, as content: Content = .activations
  ) throws -> RecordFile {
    try FileManager.default.makeFolder(folder)
    let url = location(of: context, as: content)
    let file = try RecordFile(
      url, identity: context.digest, keyBytes: ImageKey.byteCount, payloadBytes: payloadBytes)
    utimes(url.path(percentEncoded: false), nil)
    return file
  }

  /// What the disk could hold of it, in bytes: what is free, and what the folder itself takes, which goes when room is needed.
  public var available: Int {
    var place = folder
    while !FileManager.default.fileExists(atPath: place.path), place.pathComponents.count > 1 {
      place.deleteLastPathComponent()
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: place.path)
    guard let free = attributes?[.systemFreeSize] as? NSNumber else { return .max }
    return filesByUse.reduce(free.intValue) { $0 + $1.byteCount }
  }

  /// Removes the files that no training has used for longest, until `images` more fit beside the frontier's own.
  ///
  /// Whoever has one of them open goes on reading it.
  ///
  /// - Returns: whether the frontier's own file was removed too, because it would grow too large itself.
  func makeRoom(for images: Int, in file: RecordFile, of context: FrontierContext) -> Bool {
    let own = location(of: context)
    let added = file.recordBytes * images
    let isOutgrown = file.byteCount + added > limit
    if isOutgrown { try? FileManager.default.removeItem(at: own) }
    let others = filesByUse.filter { $0.url.lastPathComponent != own.lastPathComponent }
    var total = others.reduce(added + (isOutgrown ? 0 : file.byteCount)) { $0 + $1.byteCount }
    for other in others where total > limit {
      try? FileManager.default.removeItem(at: other.url)
      total -= other.byteCount
    }
    return isOutgrown
  }

  private func location(of context: FrontierContext, as content: Content = .activations) -> URL {
    folder.appending(path: "\(context.digest.hexadecimal).\(content)")
  }

  /// What lies in the folder, the file that was used longest ago first.
  private var filesByUse: [(url: URL, byteCount: Int)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    let own = names.filter { name in Content.allCases.contains { name.hasSuffix(".\($0)") } }
    return own.compactMap { name -> (url: URL, byteCount: Int, used: Date)? in
      let url = folder.appending(path: name)
      let facts = try? FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))
      guard let facts, facts[.type] as? FileAttributeType == .typeRegular else { return nil }
      return (url, (facts[.size] as? NSNumber)?.intValue ?? 0, facts[.modificationDate] as? Date ?? .distantPast)
    }
    .sorted { $0.used < $1.used }.map { ($0.url, $0.byteCount) }
  }
}
