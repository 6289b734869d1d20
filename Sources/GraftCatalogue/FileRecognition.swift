import Foundation
import GraftFormats
import Synchronization

/// Which published file a file is, by its hash: found out on a thread of its own while the file is put to use, because
/// hashing takes as long as loading.
public final class FileRecognition: Sendable {
  private enum State: Sendable {
    case running
    case done(KnownWeights?)
  }

  private let state = Mutex(State.running)
  private let finished = DispatchSemaphore(value: 0)

  /// Begins. Nothing is read where no published file has that size.
  public init(of url: URL) {
    guard let byteCount = try? MappedFile(url).bytes.count, KnownWeights.all.contains(where: { $0.mayHave(byteCount) })
    else {
      state.withLock { $0 = .done(nil) }
      return
    }
    Thread.detachNewThread { [self] in
      let known = (try? ContentHash.md5(contentsOf: url)).flatMap { KnownWeights.recognised(md5: $0) }
      state.withLock { $0 = .done(known) }
      finished.signal()
    }
  }

  /// The published file that it is, or nil. Waits for the hash.
  public var known: KnownWeights? {
    if case .done(let known) = state.withLock({ $0 }) { return known }
    finished.wait()
    // Whoever else waits must be woken too.
    finished.signal()
    if case .done(let known) = state.withLock({ $0 }) { return known }
    return nil
  }
}

extension KnownWeights {
  /// Whether a file of so many bytes can be this one. Where its size was not published, it is its parameters' four bytes
  /// each and little else.
  func mayHave(_ size: Int) -> Bool {
    if let byteCount { return size == byteCount }
    let numbers = 4 * parameterCount
    return (numbers...numbers + numbers / 50 + 1 << 20).contains(size)
  }
}
