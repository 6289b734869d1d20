/// What a training does with the activations that its backward pass needs.
public enum MemoryUse: String, Hashable, Sendable, Codable, CaseIterable {
  /// All are kept.
  case fast
  /// Few are kept, and the others computed a second time: the same numbers, in about a third more time.
  case low
}
