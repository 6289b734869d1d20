/// A network as Keras describes it in JSON: `model_config` of a full-model file, `config.json` of a `.keras` file, or what
/// `Model.to_json()` writes.
///
/// Keras 1, Keras 2, tf.keras and Keras 3 are read. Sources: `keras/models.py` and `keras/engine/topology.py` of Keras
/// 1.2.2; `keras/src/models/functional.py` and `keras/src/ops/function.py` of Keras 3.
struct KerasConfiguration: Hashable, Sendable {
  /// Which Keras wrote the file: the same words mean different things to each.
  enum Generation: Int, Hashable, Sendable, Comparable {
    case one = 1
    /// Keras 2 and tf.keras.
    case two, three

    static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }
  }

  let model: KerasModel
  let generation: Generation

  /// - Parameters:
  ///   - text: JSON.
  ///   - kerasVersion: what the weight file says, `2.4.0`; the configuration's own word, or its looks, where nil.
  /// - Throws: `KerasConfigurationError`.
  init(parsing text: String, kerasVersion: String? = nil) throws(KerasConfigurationError) {
    var value = try KerasValue(parsing: text)
    // A training script's own JSON may hold the model's as text.
    if let inner = value.text { value = try KerasValue(parsing: inner) }
    model = try KerasModel(value)
    let version = kerasVersion ?? value["keras_version"]?.text
    generation = version.flatMap(Self.generation) ?? Self.generation(byLooksOf: text)
  }

  private static func generation(version: String) -> Generation? {
    guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= 0 else { return nil }
    return Generation(rawValue: min(max(major, 1), 3))
  }

  /// Words that only one generation writes.
  private static func generation(byLooksOf text: String) -> Generation {
    if text.contains("\"keras_history\"") || text.contains("\"DTypePolicy\"") || text.contains("\"batch_shape\"") {
      return .three
    }
    let early = ["\"border_mode\"", "\"nb_filter\"", "\"output_dim\"", "\"dim_ordering\""]
    return early.contains { text.contains($0) } ? .one : .two
  }
}
