import Foundation
import GraftPlanning
import GraftTraining

/// What plans are allowed to take.
public struct AdviceLimits: Hashable, Sendable {
  /// Seconds for the whole training; nil for as long as it takes.
  public var seconds: Double?
  /// Bytes.
  public var resources: Resources

  /// - Parameters:
  ///   - seconds: for the whole training.
  ///   - memory: in bytes; what the machine can give this process where nil.
  ///   - disk: in bytes, for activations; as much as they take where nil.
  public init(seconds: Double? = nil, memory: Int? = nil, disk: Int? = nil) {
    self.seconds = seconds
    resources = Resources(memory: memory ?? ProcessMemory.available, disk: disk ?? .max)
  }

  /// Reads `90s`, `20min`, `1.5h`; a number alone is seconds.
  ///
  /// - Throws: `AdviceError.invalidBudget`.
  public static func seconds(parsing text: String) throws(AdviceError) -> Double {
    let units: [(name: String, seconds: Double)] = [
      ("minutes", 60), ("minute", 60), ("hours", 3600), ("hour", 3600), ("min", 60), ("m", 60), ("h", 3600), ("s", 1),
      ("", 1),
    ]
    let text = text.trimmingCharacters(in: .whitespaces)
    for unit in units where text.hasSuffix(unit.name) {
      let number = text.dropLast(unit.name.count).trimmingCharacters(in: .whitespaces)
      guard let value = Double(number), value > 0, value.isFinite else { throw .invalidBudget(text) }
      return value * unit.seconds
    }
    throw .invalidBudget(text)
  }
}
