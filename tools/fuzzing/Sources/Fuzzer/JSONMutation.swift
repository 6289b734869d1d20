/// Changes JSON into other JSON, mostly: a value becomes another, moves, doubles or goes.
struct JSONMutation {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// What values are exchanged for, beside those that stand in the text already.
  private static let interesting = [
    "0", "1", "-1", "2", "3", "255", "1048576", "1048577", "2147483648", "4294967296", "9223372036854775807",
    "-9223372036854775808", "18446744073709551616", "1e308", "1e999", "-1e-320", "0.5", "true", "false", "null", "\"\"",
    "[]", "{}", "[[]]", "[0, 0]", "[-1, -1]", "\"same\"", "\"valid\"", "\"channels_first\"", "\"relu\"",
    "[9223372036854775807, 9223372036854775807]", "[null, 8, 8, 3]",
  ].map { Array($0.utf8) }

  /// Nil where there is no value in the text.
  consuming func changed(_ text: [UInt8]) -> [UInt8]? {
    var values = Self.values(of: text)
    guard !values.isEmpty else { return nil }
    var text = text
    for _ in 0...below(3) {
      let place = values[below(values.count)]
      let other = values[below(values.count)]
      switch below(8) {
      case 0...3: text.replaceSubrange(place, with: Self.interesting[below(Self.interesting.count)])
      case 4, 5: text.replaceSubrange(place, with: Array(text[other]))
      case 6: text.insert(contentsOf: Array(text[place]) + [UInt8(ascii: ",")], at: place.lowerBound)
      default:
        let comma = place.upperBound < text.count && text[place.upperBound] == UInt8(ascii: ",")
        text.removeSubrange(place.lowerBound..<place.upperBound + (comma ? 1 : 0))
      }
      values = Self.values(of: text)
      if values.isEmpty { break }
    }
    return text
  }

  private mutating func below(_ bound: Int) -> Int {
    // SplitMix64.
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }

  /// Where numbers, words, texts, lists and objects stand.
  private static func values(of text: [UInt8]) -> [Range<Int>] {
    var values: [Range<Int>] = []
    var open: [Int] = []
    var index = 0
    while index < text.count {
      let start = index
      switch text[index] {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        open.append(index)
        index += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        index += 1
        if let start = open.popLast() { values.append(start..<index) }
      case UInt8(ascii: "\""):
        index += 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
          index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index = min(index + 1, text.count)
        values.append(start..<index)
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        while index < text.count, !Self.separators.contains(text[index]) { index += 1 }
        values.append(start..<index)
      default: index += 1
      }
    }
    return values
  }

  private static let separators = Set(" ,:[]{}\"\n\t\r".utf8)
}
