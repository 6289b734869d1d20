/// What has a name and settings, and can be written in words or as JSON: `sgd:momentum=0.9,nesterov`, or
/// `{"kind": "sgd", "momentum": 0.9, "nesterov": true}`.
///
/// What is not said is left to the kind's default, and stays unsaid when it is written again.
protocol NamedSettings: Codable {
  associatedtype Kind: RawRepresentable<String> & CaseIterable

  /// What this is, for messages: `optimizer`.
  static var noun: String { get }
  /// Every setting that some kind has, in the order in which they are written.
  static var settings: [Setting<Self>] { get }
  /// The names of the settings that this kind has.
  static func settingNames(of kind: Kind) -> [String]
  /// Those of them that have no default.
  static func requiredNames(of kind: Kind) -> [String]

  var kind: Kind { get }
  /// With default settings.
  init(_ kind: Kind)
}

extension NamedSettings {
  static func requiredNames(of kind: Kind) -> [String] { [] }

  /// Reads `name`, or `name:setting=value,flag`. Capitals do not matter in names.
  static func parse(_ text: String) throws(SettingsError) -> Self {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    var result = Self(try kind(named: String(parts[0])))
    guard parts.count == 2 else {
      try result.requireSense()
      return result
    }
    var seen: Set<String> = []
    for part in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let setting = try setting(sides[0], of: result.kind)
      if !seen.insert(setting.key).inserted { throw .repeated(kind: result.kind.rawValue, setting: setting.key) }
      // A flag alone is on.
      let isFlag = if case .flag = setting.place { true } else { false }
      let value = sides.count == 2 ? sides[1] : isFlag ? "true" : ""
      if !setting.read(value, into: &result) {
        throw .badValue(
          kind: result.kind.rawValue, setting: setting.key, found: value.isEmpty ? "given no value" : "“\(value)”",
          expected: setting.expectation)
      }
    }
    try result.requireSense()
    return result
  }

  /// What `parse` reads as the same value.
  var text: String {
    let settings = Self.settings.compactMap { setting -> String? in
      guard let value = setting.text(in: self) else { return nil }
      if case .flag = setting.place, value == "true" { return setting.key }
      return "\(setting.key)=\(value)"
    }
    return settings.isEmpty ? kind.rawValue : "\(kind.rawValue):\(settings.joined(separator: ","))"
  }

  /// - Throws: `SettingsError` for a setting that the kind does not have, whose value makes no sense, or that is missing.
  func requireSense() throws(SettingsError) {
    for name in Self.requiredNames(of: kind) {
      let setting = try Self.setting(name, of: kind)
      if setting.text(in: self) == nil {
        throw .missing(kind: kind.rawValue, setting: name, expected: setting.expectation)
      }
    }
    for setting in Self.settings {
      guard let value = setting.text(in: self) else { continue }
      _ = try Self.setting(setting.key, of: kind)
      if !setting.isSensible(in: self) {
        throw .badValue(kind: kind.rawValue, setting: setting.key, found: value, expected: setting.expectation)
      }
    }
  }

  private static func kind(named name: String) throws(SettingsError) -> Kind {
    guard let kind = Kind(rawValue: name.lowercased()) else {
      throw .unknownKind(noun: noun, found: name, known: Kind.allCases.map(\.rawValue))
    }
    return kind
  }

  private static func setting(_ key: String, of kind: Kind) throws(SettingsError) -> Setting<Self> {
    let known = settingNames(of: kind)
    guard let setting = settings.first(where: { $0.key == key.lowercased() }), known.contains(setting.key) else {
      throw .unknownSetting(kind: kind.rawValue, found: key, known: known)
    }
    return setting
  }
}

/// JSON with the names that people write, so that one that is misspelt is an error and not a default.
extension NamedSettings {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: SettingKey.self)
    var result = Self(try Self.kind(named: container.decode(String.self, forKey: SettingKey("kind"))))
    for key in container.allKeys where key.stringValue != "kind" {
      switch try Self.setting(key.stringValue, of: result.kind).place {
      case .number(let path): result[keyPath: path] = try container.decode(Double.self, forKey: key)
      case .count(let path): result[keyPath: path] = try container.decode(Int.self, forKey: key)
      case .flag(let path): result[keyPath: path] = try container.decode(Bool.self, forKey: key)
      case .counts(let path): result[keyPath: path] = try container.decode([Int].self, forKey: key)
      }
    }
    try result.requireSense()
    self = result
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: SettingKey.self)
    try container.encode(kind.rawValue, forKey: SettingKey("kind"))
    for setting in Self.settings {
      let key = SettingKey(setting.key)
      switch setting.place {
      case .number(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
      case .count(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
      case .flag(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
      case .counts(let path): try container.encodeIfPresent(self[keyPath: path], forKey: key)
      }
    }
  }
}

private struct SettingKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.init(stringValue) }
  init?(intValue: Int) { nil }
}
