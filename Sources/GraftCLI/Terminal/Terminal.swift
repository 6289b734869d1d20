import Foundation
import Graft
import Synchronization

/// Messages for people, on stderr: whole lines, and a progress bar where stderr is a terminal.
final class Terminal: Sendable {
  static let standard = Terminal()

  private struct State {
    var barLength = 0
    var lastProgress = ContinuousClock.now - .seconds(60)
  }

  let isInteractive = isatty(STDERR_FILENO) != 0
  private let state = Mutex(State())

  /// Prints a line, after wiping an unfinished bar.
  func write(_ line: String) {
    state.withLock { state in
      put(wiping(&state) + line + "\n")
    }
  }

  /// Draws a bar on a terminal; elsewhere prints a line, every five seconds at most.
  func show(_ progress: WorkProgress) {
    state.withLock { state in
      let interval: Duration = isInteractive ? .milliseconds(100) : .seconds(5)
      let now = ContinuousClock.now
      guard state.lastProgress.duration(to: now) >= interval else { return }
      state.lastProgress = now
      if isInteractive {
        let bar = progress.bar
        let padding = String(repeating: " ", count: max(state.barLength - bar.count, 0))
        state.barLength = bar.count
        put("\r" + bar + padding)
      } else {
        put(progress.line + "\n")
      }
    }
  }

  /// Wipes an unfinished bar.
  func finishLine() {
    state.withLock { put(wiping(&$0)) }
  }

  private func wiping(_ state: inout State) -> String {
    defer { state.barLength = 0 }
    return state.barLength == 0 ? "" : "\r" + String(repeating: " ", count: state.barLength) + "\r"
  }

  private func put(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

extension WorkProgress {
  fileprivate var line: String {
    var parts = ["\(title) \(completed)/\(total)", "\(Int(imagesPerSecond.rounded())) images/s"]
    if let secondsLeft { parts.append("\(clock(secondsLeft)) left") }
    return parts.joined(separator: "  ")
  }

  fileprivate var bar: String {
    let width = 24
    let filled = total > 0 ? min(width, completed * width / total) : 0
    let drawn = String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
    var parts = ["\(title) \(drawn) \(completed)/\(total)", "\(Int(imagesPerSecond.rounded())) images/s"]
    if let secondsLeft { parts.append("\(clock(secondsLeft)) left") }
    return parts.joined(separator: "  ")
  }

  private var title: String {
    switch phase {
    case .decoding: "images"
    case .freezing: "frozen part"
    case .training(let epoch, let epochs): "epoch \(epoch)/\(epochs)"
    case .validating: "predicting"
    case .extracting: "features"
    }
  }
}

/// `1:05`, or `2:01:05`.
func clock(_ seconds: Double) -> String {
  let whole = Int(min(seconds, 359_999).rounded())
  let tail = String(format: "%02d", whole % 60)
  return whole >= 3600
    ? "\(whole / 3600):" + String(format: "%02d", whole / 60 % 60) + ":" + tail : "\(whole / 60):" + tail
}
