// swift-tools-version: 6.2
import PackageDescription

// The program behind tools/check-imports. A package of its own, so that users of Graft neither see nor build it.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "import-checker",
  targets: [
    .target(name: "ImportChecker", swiftSettings: settings),
    .executableTarget(
      name: "import-checker", dependencies: ["ImportChecker"], path: "Sources/ImportCheckerCommand",
      swiftSettings: settings),
    .testTarget(name: "ImportCheckerTests", dependencies: ["ImportChecker"], swiftSettings: settings),
  ]
)
