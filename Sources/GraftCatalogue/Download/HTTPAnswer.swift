import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What matters here of a server's answer to a request for a file or the rest of it.
struct HTTPAnswer: Hashable, Sendable {
  /// The part of a file that an answer holds: `bytes 100-199/200`.
  struct Range: Hashable, Sendable {
    /// nil where the range that was asked for does not exist: `bytes */200`.
    let start: Int?
    /// Of the whole file; nil where the server does not know.
    let total: Int?

    init?(header: String) {
      guard let match = header.wholeMatch(of: /bytes\s+(?:(\d+)-\d+|\*)\/(?:(\d+)|\*)/) else { return nil }
      start = match.1.flatMap { Int($0) }
      total = match.2.flatMap { Int($0) }
    }
  }

  let status: Int
  /// Of the body that follows; nil where the server does not say.
  let byteCount: Int?
  let range: Range?
  /// What to send as `If-Range` when asking for the rest: a strong entity tag, else the date of the last change.
  let validator: String?

  init(_ response: HTTPURLResponse) {
    func header(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
    status = response.statusCode
    byteCount = header("Content-Length").flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
    range = header("Content-Range").flatMap { Range(header: $0) }
    validator = header("ETag").flatMap { $0.hasPrefix("W/") ? nil : $0 } ?? header("Last-Modified")
  }
}
