/// Why a configuration cannot be read, or a layer cannot be expressed, before it is known which file it came from.
enum KerasConfigurationError: Error, Hashable {
  /// The configuration as a whole is damaged: a sentence that begins with “it”.
  case unreadable(String)
  /// One layer's configuration is damaged.
  case layer(String, reason: String)
}
