import Foundation
import ImportChecker
import Testing

/// Made-up packages in which Base is below Middle, which is below Top; Other stands alone.
@Suite struct ImportCheckTests {
  static let map = "Base:\nMiddle: Base\nTop: Base Middle\nOther:\n"

  @Test func `a package that keeps to its arrows passes, and its map is shown`() throws {
    let check = try check(top: "import Foundation\nimport Middle", map: Self.map)
    #expect(check.violations == [])
    #expect(
      check.arrows.map { "\($0.module): \($0.imports)" } == [
        #"Base: []"#, #"Middle: ["Base"]"#, #"Top: ["Middle"]"#, #"Other: []"#,
      ])
  }

  // Top declares Middle alone; SwiftPM lets it import Base all the same, because Middle has had Base built.
  @Test func `an import that is reachable but not declared fails`() throws {
    let check = try check(top: "import Middle\nimport Base", map: Self.map)
    #expect(
      check.violations == [
        "Sources/Top/Top.swift imports Base, which Package.swift does not declare as a dependency of Top."
      ])
  }

  @Test func `an import that is declared but not in the map fails`() throws {
    let map = Self.map.replacing("Top: Base Middle", with: "Top: Base")
    let check = try check(top: "@_exported public import Middle", map: map)
    #expect(check.violations == ["Sources/Top/Top.swift imports Middle, which the import map does not allow Top."])
  }

  @Test func `a declared dependency that the map does not allow fails even before it is imported`() throws {
    let map = Self.map.replacing("Top: Base Middle", with: "Top: Base")
    let check = try check(top: "", map: map)
    #expect(
      check.violations == [
        "Package.swift declares Middle as a dependency of Top, which the import map does not allow."
      ])
  }

  @Test func `a module without a line and a line without a module fail`() throws {
    let check = try check(top: "import Middle", map: Self.map.replacing("Other:", with: "Gone:"))
    #expect(
      check.violations == [
        "The import map has no line for Other.",
        "The import map has a line for Gone, which is no target of this package.",
      ])
  }

  @Test func `a part of the toolchain beyond Foundation needs a line in the map, but no declaration`() throws {
    let forbidden = try check(top: "import Glibc", map: Self.map)
    #expect(forbidden.violations == ["Sources/Top/Top.swift imports Glibc, which the import map does not allow Top."])
    let allowed = try check(top: "import Glibc", map: Self.map.replacing("Top:", with: "Top: Glibc"))
    #expect(allowed.violations == [])
  }

  @Test func `tests may import what they declare, whatever the map says, and Testing`() throws {
    let fine = try check(top: "import Middle", tests: "import Testing\n@testable import Other", map: Self.map)
    #expect(fine.violations == [])
    let broken = try check(top: "import Middle", tests: "@testable import Base", map: Self.map)
    #expect(
      broken.violations == [
        "Tests/TopTests/TopTests.swift imports Base, which Package.swift does not declare as a dependency of TopTests."
      ])
  }

  /// Writes the package, has SwiftPM describe it, and checks it.
  private func check(top: String, tests: String = "", map: String) throws -> ImportCheck {
    let root = FileManager.default.temporaryDirectory.appending(path: "import-checker-\(UUID())")
    defer { try? FileManager.default.removeItem(at: root) }
    let files = [
      "Package.swift": """
      // swift-tools-version: 6.2
      import PackageDescription
      let package = Package(name: "MadeUp", targets: [
        .target(name: "Base"), .target(name: "Middle", dependencies: ["Base"]),
        .target(name: "Top", dependencies: [.target(name: "Middle")]), .target(name: "Other"),
        .testTarget(name: "TopTests", dependencies: ["Top", "Other"]),
      ])
      """,
      "Sources/Base/Base.swift": "", "Sources/Middle/Middle.swift": "import Base", "Sources/Other/Other.swift": "",
      "Sources/Top/Top.swift": top, "Tests/TopTests/TopTests.swift": tests,
    ]
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let output = Pipe()
    let swift = Process()
    swift.executableURL = URL(filePath: "/usr/bin/env")
    swift.arguments = ["swift", "package", "--package-path", root.path, "dump-package"]
    swift.standardOutput = output
    try swift.run()
    let json = try output.fileHandleForReading.readToEnd() ?? Data()
    swift.waitUntilExit()
    return try ImportCheck(manifest: Manifest(json: json), map: ImportMap(text: map), root: root)
  }
}
