import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One GET request whose answer arrives in pieces.
enum HTTPTransfer {
  enum Event: Sendable {
    case answer(HTTPAnswer)
    case body(Data)
  }

  /// Nothing came for as long as was allowed.
  struct Stalled: Error {}

  /// Sends a request when iteration begins, follows redirections, and ends the connection when iteration does.
  ///
  /// - Parameter stallTimeout: how long a server may be silent, before its answer and within it.
  /// - Returns: one answer, then the pieces of its body; finishes with `Stalled` or `URLError`.
  static func events(
    of request: URLRequest, stallTimeout: Duration
  ) -> AsyncThrowingStream<Event, any Error> {
    AsyncThrowingStream { continuation in
      let configuration = URLSessionConfiguration.ephemeral
      configuration.urlCache = nil
      configuration.httpShouldSetCookies = false
      // A backstop only: it counts differently on each platform.
      configuration.timeoutIntervalForRequest = max(60, 4 * (stallTimeout / .seconds(1)))
      let receiver = Receiver(continuation)
      let session = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
      // No task: those wait for one of few threads, and a watchdog must not. Dispatch's sources may be used from any
      // thread, but do not say so.
      nonisolated(unsafe) let watchdog = DispatchSource.makeTimerSource(queue: .global())
      let interval = max(stallTimeout / .seconds(1) / 8, 0.01)
      watchdog.schedule(deadline: .now() + interval, repeating: interval)
      watchdog.setEventHandler {
        if receiver.silence >= stallTimeout { continuation.finish(throwing: Stalled()) }
      }
      watchdog.resume()
      continuation.onTermination = { _ in
        watchdog.cancel()
        session.invalidateAndCancel()
      }
      session.dataTask(with: request).resume()
    }
  }
}

/// Hands what a session tells to a stream.
private final class Receiver: NSObject, URLSessionDataDelegate {
  private let continuation: AsyncThrowingStream<HTTPTransfer.Event, any Error>.Continuation
  private let lastSign = Mutex(ContinuousClock.now)

  init(_ continuation: AsyncThrowingStream<HTTPTransfer.Event, any Error>.Continuation) {
    self.continuation = continuation
  }

  /// For how long nothing has come.
  var silence: Duration { lastSign.withLock { $0.duration(to: .now) } }

  private func noteSign() { lastSign.withLock { $0 = .now } }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    noteSign()
    // What was asked for over a protected connection must not come over an open one.
    let isDowngrade = task.originalRequest?.url?.scheme == "https" && request.url?.scheme != "https"
    completionHandler(isDowngrade ? nil : request)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    noteSign()
    guard let response = response as? HTTPURLResponse else {
      continuation.finish(throwing: URLError(.badServerResponse))
      return completionHandler(.cancel)
    }
    continuation.yield(.answer(HTTPAnswer(response)))
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    noteSign()
    continuation.yield(.body(data))
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    continuation.finish(throwing: error)
  }
}
