import Foundation

/// What a `LoopbackServer` sends.
public struct Reply: Sendable {
  public enum Ending: Hashable, Sendable {
    /// The connection is closed after the body.
    case close
    /// The connection stays open after the body, and nothing more comes.
    case silence
    /// Not even a status comes.
    case silenceAtOnce
  }

  public var status: Int
  public var headers: [String: String]
  public var body: Data
  /// What `Content-Length` says; left out where nil.
  public var announced: Int?
  /// How many bytes are sent at a time.
  public var piece = 1 << 16
  /// For how many seconds nothing is sent after each piece.
  public var pause = 0.0
  public var ending = Ending.close

  public init(status: Int = 200, headers: [String: String] = [:], body: Data = Data()) {
    self.status = status
    self.headers = headers
    self.body = body
    announced = body.count
  }

  /// A file as a good server sends it: the part that is asked for, if it is still of the same file.
  public static func file(_ data: Data, to request: LoopbackServer.Request, tag: String = "\"1\"") -> Reply {
    let isSame = request.headers["if-range"].map { $0 == tag } ?? true
    guard let match = request.headers["range"]?.wholeMatch(of: /bytes=(\d+)-/), isSame, let start = Int(match.1) else {
      return Reply(headers: ["ETag": tag], body: data)
    }
    guard start < data.count else { return Reply(status: 416, headers: ["Content-Range": "bytes */\(data.count)"]) }
    return Reply(
      status: 206,
      headers: ["ETag": tag, "Content-Range": "bytes \(start)-\(data.count - 1)/\(data.count)"],
      body: data.dropFirst(start))
  }

  /// The connection ends, or goes silent, after the first bytes of the body, whose whole length has been announced.
  public func cut(after count: Int, _ ending: Ending = .close) -> Reply {
    var reply = self
    reply.body = body.prefix(count)
    reply.ending = ending
    return reply
  }

  /// Sent slowly.
  public func dripping(_ piece: Int, every pause: Double) -> Reply {
    var reply = self
    reply.piece = piece
    reply.pause = pause
    return reply
  }
}
