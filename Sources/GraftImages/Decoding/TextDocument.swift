/// Text that lies where an image should: what failed downloads and unfetched large files leave behind.
enum TextDocument {
  static func name(of start: [UInt8]) -> String? {
    guard let text = text(of: start) else { return nil }
    let trimmed = text.drop { $0.isWhitespace || $0 == "\u{feff}" }.lowercased()
    if trimmed.hasPrefix("version https://git-lfs") { return "a Git LFS pointer" }
    if trimmed.contains("<svg") { return "an SVG drawing" }
    if trimmed.hasPrefix("<!doctype html") || trimmed.contains("<html") || trimmed.contains("<head") {
      return "an HTML page"
    }
    if trimmed.hasPrefix("<?xml") { return "an XML document" }
    if trimmed.hasPrefix("{") || trimmed.hasPrefix("[") { return "JSON" }
    return "text"
  }

  /// The beginning of a file as text, or nil where it holds bytes that no text has.
  private static func text(of start: [UInt8]) -> String? {
    let controls: Set<UInt8> = [0x09, 0x0a, 0x0c, 0x0d, 0x1b]
    guard start.allSatisfy({ ($0 >= 0x20 && $0 != 0x7f) || controls.contains($0) }) else { return nil }
    // The prefix may end within a character.
    for cut in 0..<4 where start.count > cut {
      if let text = String(validating: start.dropLast(cut), as: UTF8.self) { return text }
    }
    return nil
  }
}
