import Foundation

/// One client's connection; closes itself.
final class Connection {
  private let socket: Int32

  init(_ socket: Int32) {
    self.socket = socket
  }

  deinit { close(socket) }

  /// Reads one request without a body; nil where the client leaves first.
  func request() -> LoopbackServer.Request? {
    var received = Data()
    while received.range(of: Data("\r\n\r\n".utf8)) == nil {
      guard let part = read() else { return nil }
      received += part
    }
    let lines = String(decoding: received, as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count > 1 else { return nil }
    let headers = lines.dropFirst().compactMap { line -> (String, String)? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    return LoopbackServer.Request(path: String(words[1]), headers: Dictionary(headers) { $1 })
  }

  func send(_ reply: Reply) {
    var head = "HTTP/1.1 \(reply.status) Status\r\nConnection: close\r\n"
    for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
    if let announced = reply.announced { head += "Content-Length: \(announced)\r\n" }
    guard reply.ending != .silenceAtOnce, write(Data((head + "\r\n").utf8)) else { return waitForClient() }
    var rest = reply.body[...]
    while !rest.isEmpty {
      guard write(rest.prefix(reply.piece)) else { return }
      rest = rest.dropFirst(reply.piece)
      if reply.pause > 0 { Thread.sleep(forTimeInterval: reply.pause) }
    }
    if reply.ending == .silence { waitForClient() }
  }

  /// Says no more, until the client has had enough.
  private func waitForClient() {
    while read() != nil {}
  }

  private func read() -> Data? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = recv(socket, &buffer, buffer.count, 0)
    return count > 0 ? Data(buffer[..<count]) : nil
  }

  private func write(_ data: Data) -> Bool {
    var rest = Array(data)[...]
    while !rest.isEmpty {
      // A client that has left must not end the process with a signal.
      #if os(Linux)
        let count = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      #else
        let count = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, 0) }
      #endif
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
