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
  func show(_ progress: WorkProgress) { show(bar: progress.bar, line: progress.line) }

  func show(_ progress: TransferProgress) { show(bar: progress.bar, line: progress.line) }

  private func show(bar: @autoclosure () -> String, line: @autoclosure () -> String) {
    state.withLock { state in
      let interval: Duration = isInteractive ? .milliseconds(100) : .seconds(5)
      let now = ContinuousClock.now
      guard state.lastProgress.duration(to: now) >= interval else { return }
      state.lastProgress = now
      if isInteractive {
        let bar = bar()
        let padding = String(repeating: " ", count: max(state.barLength - bar.count, 0))
        state.barLength = bar.count
        put("\r" + bar + padding)
      } else {
        put(line() + "\n")
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

/// Filled as far as the work has come.
private func bar(_ completed: Int, of total: Int) -> String {
  let width = 24
  let filled = total > 0 ? min(width, Int(Double(completed) / Double(total) * Double(width))) : 0
  return String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
}

extension TransferProgress {
  fileprivate var line: String { parts.joined(separator: "  ") }

  fileprivate var bar: String {
    (total.map { GraftCLI.bar(completed, of: $0) + " " } ?? "") + line
  }

  private var parts: [String] {
    func megabytes(_ bytes: Double) -> String { String(format: "%.1f", bytes / 1e6) }
    var parts = [
      megabytes(Double(completed)) + (total.map { "/" + megabytes(Double($0)) } ?? "") + " MB",
      megabytes(bytesPerSecond) + " MB/s",
    ]
    if let secondsLeft { parts.append("\(clock(secondsLeft)) left") }
    return parts
  }
}

extension WorkProgress {
  fileprivate var line: String {
    var parts = ["\(title) \(completed)/\(total)", "\(Int(imagesPerSecond.rounded())) images/s"]
    if let secondsLeft { parts.append("\(clock(secondsLeft)) left") }
    return parts.joined(separator: "  ")
  }

  fileprivate var bar: String {
    var parts = [
      "\(title) \(GraftCLI.bar(completed, of: total)) \(completed)/\(total)",
      "\(Int(imagesPerSecond.rounded())) images/s",
    ]
    if let secondsLeft { parts.append("\(clock(secondsLeft)) left") }
    return parts.joined(separator: "  ")
  }

  private var title: String {
    switch phase {
    case .decoding: "images"
    case .freezing: "frozen part"
    case .teaching: "teacher"
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
