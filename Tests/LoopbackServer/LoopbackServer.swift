import Foundation
import Synchronization

/// An HTTP server on this machine that answers as a test tells it to, well or badly. Ends with the value.
public final class LoopbackServer: Sendable {
  public struct Request: Hashable, Sendable {
    /// With the leading slash.
    public let path: String
    /// By name, in lower case.
    public let headers: [String: String]
  }

  public let url: URL
  private let listener: Int32
  private let log: Log

  private final class Log: Sendable {
    let requests = Mutex<[Request]>([])
  }

  public struct Failure: Error {
    let call: String
    let reason: String

    init(_ call: String) {
      self.call = call
      reason = String(cString: strerror(errno))
    }
  }

  /// - Parameter answer: called for each request, on a thread of that connection's own.
  public init(_ answer: @escaping @Sendable (Request) -> Reply) throws {
    listener = streamSocket()
    guard listener >= 0 else { throw Failure("socket") }
    let port = try bindToLoopback(listener)
    guard listen(listener, 16) == 0, let url = URL(string: "http://127.0.0.1:\(port)") else { throw Failure("listen") }
    self.url = url
    let log = Log()
    self.log = log
    let listener = listener
    Thread.detachNewThread {
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 { break }
        Thread.detachNewThread {
          let connection = Connection(client)
          guard let request = connection.request() else { return }
          log.requests.withLock { $0.append(request) }
          connection.send(answer(request))
        }
      }
      close(listener)
    }
  }

  deinit {
    // Wakes the thread that waits for clients.
    shutdown(listener, Int32(SHUT_RDWR))
  }

  /// What has been asked for so far.
  public var requests: [Request] { log.requests.withLock { $0 } }

  /// An address of this machine where nobody listens.
  public static func unusedURL() throws -> URL {
    let socket = streamSocket()
    defer { close(socket) }
    guard let url = URL(string: "http://127.0.0.1:\(try bindToLoopback(socket))") else { throw Failure("bind") }
    return url
  }
}

private func streamSocket() -> Int32 {
  #if os(Linux)
    socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  #else
    socket(AF_INET, SOCK_STREAM, 0)
  #endif
}

/// - Returns: the port that the system chose.
private func bindToLoopback(_ socket: Int32) throws -> Int {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  // The C interface takes every kind of address as one type.
  let isBound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
    }
  }
  guard isBound else { throw LoopbackServer.Failure("bind") }
  return Int(UInt16(bigEndian: address.sin_port))
}
