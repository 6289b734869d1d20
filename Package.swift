// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A Swift module of Graft. `imports` is the whole list of modules it may name; `tools/check-imports` holds it to that.
func module(_ name: String, imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

func tests(of name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.byName(name: name)] + (name == "GraftTensors" ? [] : ["GraftTensors"]) + imports,
    resources: resources, swiftSettings: settings)
}

let package = Package(
  name: "Graft",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Graft", targets: ["Graft"]),
    // Files as networks, without what computes: tools/fuzzing takes this.
    .library(name: "GraftImport", targets: ["GraftTensors", "GraftGraph", "GraftFormats", "GraftImport"]),
    .executable(name: "graft", targets: ["GraftCLI"]),
    // For making what lies in weights/, and for the demo.
    .executable(name: "draw-shapes", targets: ["DrawShapes"]),
    .executable(name: "extract-backbone", targets: ["ExtractBackbone"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
  ],
  targets: [
    // C libraries
    .systemLibrary(
      name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
    .systemLibrary(
      name: "CBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),

    .target(name: "CDNNL", linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "CEmbeddedWeights"),
    .target(name: "CONNX", exclude: ["onnx.proto"], linkerSettings: [.linkedLibrary("protobuf-c")]),
    .target(
      name: "CImaging",
      // Debian's OpenCV packages carry no pkg-config file; the symlink `opencv4` leads to its headers.
      exclude: ["opencv4"],
      cxxSettings: [.headerSearchPath("opencv4")],
      linkerSettings: ["turbojpeg", "png", "webp", "webpdemux", "exif", "opencv_core", "opencv_imgproc"].map {
        .linkedLibrary($0)
      }),

    // Values
    module("GraftTensors"),
    tests(of: "GraftTensors"),

    // Networks as values
    module("GraftGraph", imports: ["GraftTensors"]),
    tests(of: "GraftGraph"),
    module("GraftArchitectures", imports: ["GraftTensors", "GraftGraph"]),
    tests(of: "GraftArchitectures", imports: ["GraftGraph"]),
    module(
      "GraftCatalogue",
      imports: ["GraftTensors", "GraftGraph", "GraftArchitectures", "GraftFormats", "CEmbeddedWeights"]),
    tests(of: "GraftCatalogue", imports: ["GraftGraph", "GraftArchitectures", "GraftFormats", "LoopbackServer"]),
    module("GraftLearning", imports: ["GraftTensors", "CBLAS"]),
    tests(of: "GraftLearning", resources: [.copy("Fixtures")]),
    module("GraftPlanning", imports: ["GraftTensors", "GraftGraph"]),
    tests(of: "GraftPlanning", imports: ["GraftGraph"]),

    // Files
    module("GraftFormats", imports: ["GraftTensors", "CHDF5", "CCrypto", "CZip", "CONNX"]),
    tests(of: "GraftFormats", resources: [.copy("Fixtures")]),
    module(
      "GraftImport",
      imports: ["GraftTensors", "GraftGraph", "GraftFormats", "GraftArchitectures", "GraftCatalogue"]),
    tests(
      of: "GraftImport",
      imports: ["GraftGraph", "GraftFormats", "GraftArchitectures", "GraftCatalogue", "GraftEngine"],
      resources: [.copy("Fixtures")]),

    module("GraftExport", imports: ["GraftTensors", "GraftGraph", "GraftFormats"]),
    tests(of: "GraftExport", imports: ["GraftGraph", "GraftFormats"]),

    // Numbers
    module("GraftEngine", imports: ["GraftTensors", "GraftGraph", "GraftPlanning", "CDNNL"]),
    tests(
      of: "GraftEngine", imports: ["GraftGraph", "GraftPlanning", "GraftFormats"], resources: [.copy("Fixtures")]),

    // Photographs
    module(
      "GraftImages", imports: ["GraftTensors", "GraftGraph", "CImaging"]),
    tests(of: "GraftImages", imports: ["GraftGraph", "GraftFormats"], resources: [.copy("Fixtures")]),

    // Work
    module(
      "GraftTraining",
      imports: [
        "GraftTensors", "GraftGraph", "GraftLearning", "GraftPlanning", "GraftEngine", "GraftImages", "GraftFormats",
        "GraftExport",
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(
      of: "GraftTraining",
      imports: ["GraftGraph", "GraftLearning", "GraftPlanning", "GraftEngine", "GraftImages", "GraftFormats"]),
    module(
      "GraftFeatures", imports: ["GraftTensors", "GraftGraph", "GraftEngine", "GraftImages", "GraftFormats"]),
    tests(of: "GraftFeatures", imports: ["GraftGraph", "GraftEngine", "GraftImages", "GraftFormats"]),
    module(
      "GraftAdvice",
      imports: [
        "GraftTensors", "GraftGraph", "GraftLearning", "GraftPlanning", "GraftEngine", "GraftImages", "GraftTraining",
      ]),
    tests(
      of: "GraftAdvice",
      imports: ["GraftGraph", "GraftLearning", "GraftPlanning", "GraftEngine", "GraftImages", "GraftTraining"]),
    module(
      "GraftReports",
      imports: ["GraftGraph", "GraftLearning", "GraftImages", "GraftFormats", "GraftTraining"]),
    tests(
      of: "GraftReports", imports: ["GraftGraph", "GraftLearning", "GraftImages", "GraftFormats", "GraftTraining"]),
    module(
      "Graft",
      imports: [
        "GraftTensors", "GraftGraph", "GraftArchitectures", "GraftCatalogue", "GraftLearning", "GraftPlanning",
        "GraftFormats", "GraftImport", "GraftExport", "GraftEngine", "GraftImages", "GraftTraining", "GraftFeatures",
        "GraftAdvice", "GraftReports",
      ]),
    .executableTarget(
      name: "GraftCLI",
      dependencies: [
        "Graft", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: settings),

    // Tools
    .executableTarget(
      name: "DrawShapes",
      dependencies: [
        "GraftTensors", "GraftImages", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "tools/draw-shapes", swiftSettings: settings),
    .executableTarget(
      name: "ExtractBackbone",
      dependencies: ["Graft", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "tools/extract-backbone", swiftSettings: settings),
    // For developers: whole networks' gradients, which tools/reference/training.py holds against Keras.
    .executableTarget(
      name: "TrainingCheck",
      dependencies: ["Graft", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "tools/training-check", swiftSettings: settings),
    // For developers: any network file on given numbers, which tools/reference/*_conformance.py hold against its framework.
    .executableTarget(
      name: "RunNetwork",
      dependencies: ["Graft", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "tools/run-network", swiftSettings: settings),
    // For developers: from files to runnable networks, in seconds and bytes; tools/bench-load runs it.
    .executableTarget(
      name: "LoadBenchmark",
      dependencies: ["Graft", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      path: "tools/load-benchmark", swiftSettings: settings),
    tests(of: "DrawShapes", imports: ["GraftImages"]),

    .testTarget(
      name: "GraftCLITests",
      dependencies: [
        "GraftCLI", "GraftEngine", "GraftTensors", "GraftGraph", "GraftArchitectures", "GraftFormats", "GraftImport",
        "GraftImages",
        "LoopbackServer",
      ],
      swiftSettings: settings),
    // What several test targets share.
    .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: settings),
    .testTarget(name: "GraftTests", dependencies: ["Graft"], swiftSettings: settings),
  ]
)
