import Foundation

/// Compares what the sources of a package import with what its manifest declares and its import map allows.
///
/// SwiftPM itself lets a target import whatever happens to have been built before it, declared or not.
public struct ImportCheck {
  /// Part of every toolchain, so no manifest declares them.
  static let toolchain: Set<String> = [
    "Swift", "Foundation", "FoundationNetworking", "Synchronization", "Dispatch", "RegexBuilder", "Glibc", "Musl",
    "Darwin",
  ]
  /// The part of the toolchain that needs no line in the map.
  static let everywhere: Set<String> = ["Swift", "Foundation", "Synchronization"]

  /// For each module outside the tests, in the manifest's order: what its sources import, sorted.
  public private(set) var arrows: [(module: String, imports: [String])] = []
  /// One sentence for each broken rule.
  public private(set) var violations: [String] = []

  /// - Parameter root: the package's folder.
  public init(manifest: Manifest, map: ImportMap, root: URL) throws {
    for target in manifest.targets {
      let declared = Set(target.dependencies.map(\.name))
      let imports = try Self.imports(in: root.appending(path: target.folder), below: root)
      checkDeclarations(of: target, declared: declared, imports: imports)
      if !target.isTest {
        checkMap(map, module: target.name, declared: declared, imports: imports)
        arrows.append((target.name, imports.keys.filter { !Self.everywhere.contains($0) }.sorted()))
      }
    }
    let modules = Set(manifest.targets.map(\.name))
    for module in map.allowed.keys.sorted() where !modules.contains(module) {
      violations.append("The import map has a line for \(module), which is no target of this package.")
    }
  }

  private mutating func checkDeclarations(of target: Manifest.Target, declared: Set<String>, imports: [String: String])
  {
    var known = declared.union(Self.toolchain)
    if target.isTest { known.insert("Testing") }
    for (module, file) in imports.sorted(by: { $0.key < $1.key }) where !known.contains(module) {
      violations.append(
        "\(file) imports \(module), which Package.swift does not declare as a dependency of \(target.name).")
    }
  }

  private mutating func checkMap(_ map: ImportMap, module: String, declared: Set<String>, imports: [String: String]) {
    guard let allowed = map.allowed[module]?.union(Self.everywhere) else {
      violations.append("The import map has no line for \(module).")
      return
    }
    for (imported, file) in imports.sorted(by: { $0.key < $1.key }) where !allowed.contains(imported) {
      violations.append("\(file) imports \(imported), which the import map does not allow \(module).")
    }
    for dependency in declared.sorted() where !allowed.contains(dependency) && imports[dependency] == nil {
      violations.append(
        "Package.swift declares \(dependency) as a dependency of \(module), which the import map does not allow.")
    }
  }

  /// The modules that the Swift files in a folder import, each with the first file that does.
  private static func imports(in folder: URL, below root: URL) throws -> [String: String] {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    var imports: [String: String] = [:]
    for file in files.filter({ $0.hasSuffix(".swift") }).sorted() {
      let url = folder.appending(path: file)
      let shown = url.path.dropFirst(root.path.count).drop { $0 == "/" }
      for module in modulesImported(by: try String(contentsOf: url, encoding: .utf8)) where imports[module] == nil {
        imports[module] = String(shown)
      }
    }
    return imports
  }
}
