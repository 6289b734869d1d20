// swift-tools-version: 6.2
import PackageDescription

// The program behind tools/fuzz. A package of its own, so that users of Graft neither see nor build it, and nothing of Graft's
// own build is instrumented.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "Graft", path: "../..")],
  targets: [
    .executableTarget(
      name: "Fuzzer", dependencies: [.product(name: "GraftImport", package: "Graft")], swiftSettings: settings)
  ]
)
