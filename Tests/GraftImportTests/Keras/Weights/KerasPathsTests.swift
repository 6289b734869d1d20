import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct KerasPathsTests {
  @Test(arguments: [
    ("Conv2D", "conv2d"), ("DepthwiseConv2D", "depthwise_conv2d"), ("BatchNormalization", "batch_normalization"),
    ("PReLU", "p_re_lu"), ("ReLU", "re_lu"), ("Dense", "dense"), ("Functional", "functional"),
    ("Conv2DTranspose", "conv2d_transpose"), ("Model", "functional"),
  ])
  func `classes are filed in snake case`(name: String, expected: String) {
    #expect(KerasPaths.snakeCase(name) == expected)
  }

  private func bound(_ paths: [String], layerNames: [String: String] = [:]) throws -> [String: String] {
    let layers = [("first", 1), ("second", 1)].map { KerasText.layer("Dense", #""units": \#($0.1)"#, name: $0.0) }
    let inner =
      #"{"class_name": "Sequential", "config": {"name": "inner", "layers": [\#(KerasText.layer("Dense", #""units": 1"#, name: "deep"))]}}"#
    var tensors: [String: Tensor] = [:]
    for path in paths {
      tensors["\(path)/vars/0"] = Tensor(zeros: [1, 1])
      tensors["\(path)/vars/1"] = Tensor(zeros: [1])
    }
    tensors["layers/dropout/seed_generator/vars/0"] = Tensor(zeros: [2])
    let report = try KerasImporter(
      configuration: KerasText.sequence(layers + [inner], input: "1"),
      weights: .variables(KerasVariables(tensors: tensors, layerNames: layerNames)), name: "m.keras"
    ).network().report
    #expect(report.unused.isEmpty)
    return Dictionary(uniqueKeysWithValues: report.bound.map { ($0.parameter, $0.source) })
  }

  @Test func `layers of a class are counted in order, and nested models have layers of their own`() throws {
    let found = try bound(["layers/dense", "layers/dense_1", "layers/sequential/layers/dense"])
    #expect(found["first/kernel"] == "layers/dense/vars/0" && found["first/bias"] == "layers/dense/vars/1")
    #expect(found["second/kernel"] == "layers/dense_1/vars/0")
    #expect(found["deep/kernel"] == "layers/sequential/layers/dense/vars/0")
  }

  @Test func `numbers may have gaps, and 10 comes after 9`() throws {
    let found = try bound(["layers/dense_10", "layers/dense_9", "layers/sequential_3/layers/dense_2"])
    #expect(found["first/kernel"] == "layers/dense_9/vars/0" && found["second/kernel"] == "layers/dense_10/vars/0")
    #expect(found["deep/kernel"] == "layers/sequential_3/layers/dense_2/vars/0")
  }

  @Test func `names in the file win over numbers`() throws {
    let names = ["layers/dense": "second", "layers/dense_1": "first", "layers/sequential": "inner"]
    let found = try bound(["layers/dense", "layers/dense_1", "layers/sequential/layers/dense"], layerNames: names)
    #expect(found["first/kernel"] == "layers/dense_1/vars/0" && found["second/kernel"] == "layers/dense/vars/0")
  }

  @Test func `a layer that is not there is missed by its parameter's name`() {
    #expect(
      message { _ = try bound(["layers/dense", "layers/dense_1"]) } == "m.keras lacks “deep/kernel” of the shape [1, 1]"
    )
  }
}
