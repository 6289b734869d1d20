/// The modules that a Swift source file imports, each once, in the order of their first mention.
///
/// Understands attributes and access levels (`@testable import A`, `@_exported public import A`), single declarations
/// (`import struct A.B`) and submodules (`import A.B`). What stands in comments, strings or behind `canImport` is no
/// import. Both branches of an `#if` count.
public func modulesImported(by source: String) -> [String] {
  // An import opens a statement: nothing but attributes and an access level stands between it and the line's beginning.
  let statement =
    /(?:^|[;{}])[ \t]*(?:(?:@\w+(?:\([^)]*\))?|public|package|internal|fileprivate|private)[ \t]+)*import[ \t]+(?:(?:typealias|struct|class|enum|protocol|let|var|func)[ \t]+)?`?(\w+)/
    .anchorsMatchLineEndings()
  var modules: [String] = []
  for match in SourceText(source).code.matches(of: statement) where !modules.contains(String(match.1)) {
    modules.append(String(match.1))
  }
  return modules
}
