import Foundation
import GraftEngine
import GraftFormats
import GraftImages
import Logging

/// Cosines that earlier trials have found, by the photograph's bytes. They are all of one context: the same network and
/// numbers, view, preprocessing, algorithms, program and machine.
struct CosineStore: Sendable {
  private let file: RecordFile
  /// In which the photographs were tried.
  private let view: KeyedView

  static let payloadBytes = MemoryLayout<UInt64>.size

  init(_ file: RecordFile, view: EvaluationView) {
    self.file = file
    self.view = KeyedView(view)
  }

  /// What is remembered of each photograph; nil where there is nothing, or the file cannot be read.
  func cosines(of samples: [Sample]) async -> [Double?] {
    await concurrently(samples.count) { position in
      guard let content = try? samples[position].content() else { return nil }
      var bits: UInt64 = 0
      let key = ImageKey(content: FrontierStore.fingerprint(content), view: view)
      let isThere = withUnsafeMutableBytes(of: &bits) { file.read(key.bytes, into: $0) }
      return isThere ? Double(bitPattern: UInt64(littleEndian: bits)) : nil
    }
  }

  /// - Parameter contents: the fingerprint of each photograph.
  func append(_ cosines: [Double], contents: [[UInt8]]) {
    do {
      try file.append(contents.map { ImageKey(content: $0, view: view).bytes }) { position, record in
        withUnsafeBytes(of: cosines[position].bitPattern.littleEndian) { record.copyMemory(from: $0) }
      }
    } catch {
      Self.note(error)
    }
  }

  /// Only for whoever looks closely: it costs a fraction of a second, and where activations cannot be remembered either,
  /// their store warns.
  fileprivate static func note(_ error: any Error) {
    Logger(label: "graft.training").debug("cosines are not remembered on the disk: \(error)")
  }
}

extension FrontierCache {
  /// What earlier trials have left of a context; nil where the folder cannot be written to, or may hold nothing.
  func cosines(
    in view: EvaluationView, of context: @EngineActor () async throws -> FrontierContext
  ) async -> CosineStore? {
    let bytes = RecordFile.byteCount(
      of: PrecisionTrial.photographs, keyBytes: ImageKey.byteCount, payloadBytes: CosineStore.payloadBytes)
    guard bytes <= limit else { return nil }
    do {
      let file = try file(of: await context(), payloadBytes: CosineStore.payloadBytes, as: .cosines)
      return CosineStore(file, view: view)
    } catch {
      CosineStore.note(error)
      return nil
    }
  }
}
