import Foundation
import Logging

/// The library's log on stderr, warnings and worse unless `GRAFT_LOG` names another level.
struct StderrLog: LogHandler {
  let label: String
  var metadata: Logger.Metadata = [:]
  var logLevel = ProcessInfo.processInfo.environment["GRAFT_LOG"].flatMap { Logger.Level(rawValue: $0) } ?? .warning

  init(label: String) {
    self.label = label
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let details = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let text = details.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    Terminal.standard.write("\(event.level) \(label): \(event.message)\(text)")
  }
}
