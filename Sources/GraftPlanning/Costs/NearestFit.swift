/// Memory and disk, in bytes: what a plan takes, or what there is.
public struct Resources: Hashable, Sendable, Codable {
  public var memory: Int
  public var disk: Int

  public init(memory: Int, disk: Int = 0) {
    self.memory = memory
    self.disk = disk
  }
}

/// Which of several plans is the first that memory and disk hold.
public struct NearestFit<Plan> {
  /// Why a plan was passed over.
  public enum Shortage: Hashable, Sendable {
    case memory(needed: Int, available: Int)
    case disk(needed: Int, available: Int)
  }

  /// Nil where none fits.
  public let chosen: Plan?
  /// The plans before it, each with what it lacks.
  public let refused: [(plan: Plan, shortage: Shortage)]
}

/// The first plan that fits, and what those before it lack.
///
/// - Parameters:
///   - plans: by preference, the one that was asked for first.
///   - limit: what there is.
///   - demand: what a plan takes; asked for no further plan than the one that fits, because finding out may need a
///     program to be compiled.
public func nearestFitting<Plan>(
  _ plans: some Sequence<Plan>, limit: Resources, demand: (Plan) throws -> Resources
) rethrows -> NearestFit<Plan> {
  var refused: [(plan: Plan, shortage: NearestFit<Plan>.Shortage)] = []
  for plan in plans {
    let demand = try demand(plan)
    if demand.memory > limit.memory {
      refused.append((plan, .memory(needed: demand.memory, available: limit.memory)))
    } else if demand.disk > limit.disk {
      refused.append((plan, .disk(needed: demand.disk, available: limit.disk)))
    } else {
      return NearestFit(chosen: plan, refused: refused)
    }
  }
  return NearestFit(chosen: nil, refused: refused)
}
