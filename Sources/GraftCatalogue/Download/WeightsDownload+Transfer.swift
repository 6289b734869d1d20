import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension WeightsDownload {
  /// Fetches what is missing of the file.
  ///
  /// - Returns: whether bytes of an earlier attempt are part of it.
  func transfer(into partial: PartialFile, _ report: (Event) -> Void) async throws -> Bool {
    let start = try resumption(of: partial)
    if start > 0, start == weights.byteCount { return true }
    var state = Transfer(start: start, total: weights.byteCount)
    do {
      for try await event in HTTPTransfer.events(of: request(from: start, partial), stallTimeout: stallTimeout) {
        switch event {
        case .answer(let answer):
          if answer.status == 416, start > 0 {
            // There is nothing after what is here: either it is the whole, or of another file.
            if answer.range?.total == start { return true }
            try partial.truncate()
            return try await transfer(into: partial, report)
          }
          try accept(answer, &state, partial)
          report(.progress(state.progress(partial.byteCount)))
        case .body(let data):
          try partial.append(data)
          // A server that does not say how much there is could otherwise fill the disk.
          if partial.byteCount > state.total ?? weights.largestByteCount {
            let found = partial.byteCount
            try partial.truncate()
            throw CatalogueError.wrongLength(
              url: url.absoluteString, expected: state.total ?? weights.largestByteCount, found: found)
          }
          report(.progress(state.progress(partial.byteCount)))
        }
      }
    } catch is HTTPTransfer.Stalled {
      throw CatalogueError.stalled(
        url: url.absoluteString, seconds: stallTimeout / .seconds(1), kept: partial.byteCount)
    } catch let error as URLError {
      try Task.checkCancellation()
      throw state.hasBegun
        ? brokenOff(partial, state)
        : CatalogueError.unreachable(url: url.absoluteString, reason: error.clause)
    }
    // A cancelled task's stream ends as if all were done.
    try Task.checkCancellation()
    if let total = state.total, partial.byteCount < total { throw brokenOff(partial, state) }
    return state.start > 0
  }

  private func brokenOff(_ partial: PartialFile, _ state: Transfer) -> CatalogueError {
    .cutShort(url: url.absoluteString, kept: partial.byteCount, expected: state.total)
  }

  /// How many bytes of the earlier attempt can be gone on from: all, or none.
  private func resumption(of partial: PartialFile) throws -> Int {
    let isTooLong = partial.byteCount > weights.byteCount ?? .max
    // Without a hash nothing but the server's own word tells whether both parts are of one file.
    let isCertain = weights.md5 != nil || (partial.origin?.url == url && partial.origin?.validator != nil)
    if isTooLong || !isCertain { try partial.truncate() }
    return partial.byteCount
  }

  private func request(from start: Int, _ partial: PartialFile) -> URLRequest {
    var request = URLRequest(url: url)
    request.cachePolicy = .reloadIgnoringLocalCacheData
    // Compressed on the way, the bytes could not be counted or gone on from.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if start > 0 {
      request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range")
      if let origin = partial.origin, origin.url == url, let validator = origin.validator {
        request.setValue(validator, forHTTPHeaderField: "If-Range")
      }
    }
    return request
  }

  /// Makes ready for the body that an answer announces.
  private func accept(_ answer: HTTPAnswer, _ state: inout Transfer, _ partial: PartialFile) throws {
    let isRest = answer.status == 206 && state.start > 0 && answer.range?.start == state.start
    guard isRest || answer.status == 200 else {
      throw CatalogueError.refused(url: url.absoluteString, status: answer.status)
    }
    let announced = isRest ? answer.range?.total : answer.byteCount
    if let announced, let expected = weights.byteCount, announced != expected {
      throw CatalogueError.wrongLength(url: url.absoluteString, expected: expected, found: announced)
    }
    if !isRest {
      try partial.begin(.init(url: url, validator: answer.validator))
      state.start = 0
    }
    state.total = announced ?? weights.byteCount
    state.hasBegun = true
    try requireSpace(for: state, in: partial)
  }

  private func requireSpace(for state: Transfer, in partial: PartialFile) throws {
    let folder = partial.url.deletingLastPathComponent().path(percentEncoded: false)
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    guard let total = state.total, let free = attributes?[.systemFreeSize] as? NSNumber else { return }
    let needed = total - partial.byteCount
    if needed > free.int64Value {
      throw CatalogueError.diskFull(path: folder, needed: needed, free: Int(free.int64Value))
    }
  }
}

/// How a transfer stands.
private struct Transfer {
  /// How many bytes were there before.
  var start: Int
  /// Of the whole file.
  var total: Int?
  var hasBegun = false
  let began = ContinuousClock.now

  init(start: Int, total: Int?) {
    self.start = start
    self.total = total
  }

  func progress(_ completed: Int) -> TransferProgress {
    let seconds = began.duration(to: .now) / .seconds(1)
    return TransferProgress(
      completed: completed, total: total, bytesPerSecond: seconds > 0 ? Double(completed - start) / seconds : 0)
  }
}

extension KnownWeights {
  /// No file of these numbers is longer, where its length is not known: each takes four bytes, and HDF5 little besides.
  fileprivate var largestByteCount: Int { byteCount ?? parameterCount * 8 + 1 << 20 }
}

extension URLError {
  /// Why, as a clause.
  fileprivate var clause: String {
    switch code {
    case .cannotConnectToHost: "no server answers there"
    case .cannotFindHost, .dnsLookupFailed: "there is no such host"
    case .timedOut: "no answer came in time"
    case .notConnectedToInternet: "this machine has no network"
    case .networkConnectionLost: "the connection broke off"
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
      "no protected connection to it can be made"
    default: localizedDescription
    }
  }
}
