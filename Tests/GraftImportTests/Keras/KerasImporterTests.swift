import Foundation
import GraftArchitectures
import GraftFormats
import GraftGraph
import GraftTensors
import Testing

@testable import GraftImport

@Suite struct KerasImporterTests {
  private let counting = (0..<36).map(Float.init)
  /// Each of the four filters back to front: turned round in height and width.
  private let turnedRound = [8, 17, 26, 35].flatMap { last in (0..<9).map { Float(last - $0) } }

  /// A convolution of Keras 1, 3×3, from one channel to four, and a Dense of one row for each element after it.
  private func early(
    ordering: String, _ kernel: Tensor, names: [String], file: String = "w.h5", backend: String? = nil
  ) throws -> KerasNetwork {
    let shape = ordering == "th" ? "1, 3, 3" : "3, 3, 1"
    let text = """
      {"class_name": "Sequential", "config": [
        {"class_name": "Convolution2D", "config": {"name": "c", "batch_input_shape": [null, \(shape)], "nb_filter": 4,
         "nb_row": 3, "nb_col": 3, "dim_ordering": "\(ordering)"}}, {"class_name": "Flatten", "config": {"name": "f"}}]}
      """
    let weights = [(name: names[0], tensor: kernel), (name: names[1], tensor: Tensor(zeros: [4]))]
    return try KerasImporter(
      configuration: text, weights: .layers([.init(name: "c", weights: weights)]), name: file, backend: backend
    ).network()
  }

  private func kernel(_ network: KerasNetwork) -> [Float]? { network.parameters["c/kernel"]?.floats }

  @Test func `Keras 1's Theano kernels are [out, in, height, width], and turned round where Theano ran`() throws {
    let stored = Tensor(counting, shape: [4, 1, 3, 3])
    // Names without “:0” are Theano's.
    let theano = try early(ordering: "th", stored, names: ["c_W", "c_b"])
    #expect(kernel(theano) == turnedRound)
    #expect(theano.report.conversions.count == 2)
    #expect(!theano.isChannelsLast)
    #expect((theano.graph["f"]?.layer as? Flatten)?.order == .channelsFirst)
    // TensorFlow ran the same channels-first model.
    #expect(kernel(try early(ordering: "th", stored, names: ["c_W:0", "c_b:0"])) == counting)
  }

  @Test func `Theano turns kernels round in a channels-last model too`() throws {
    let stored = Tensor(counting, shape: [4, 1, 3, 3]).permuted([2, 3, 1, 0]).contiguous()
    let turned = try early(ordering: "tf", stored, names: ["c_W", "c_b"])
    #expect(kernel(turned) == turnedRound)
    #expect(kernel(try early(ordering: "tf", stored, names: ["c_W:0", "c_b:0"])) == counting)
  }

  @Test func `a backend that is named, and a file's name, win over the tensors' names`() throws {
    let stored = Tensor(counting, shape: [4, 1, 3, 3])
    #expect(kernel(try early(ordering: "th", stored, names: ["c_W", "c_b"], backend: "tensorflow")) == counting)
    #expect(kernel(try early(ordering: "th", stored, names: ["c_W:0", "c_b:0"], backend: "theano")) == turnedRound)
    #expect(kernel(try early(ordering: "th", stored, names: ["c_W", "c_b"], file: "x_tf_kernels.h5")) == counting)
    let theano = try early(ordering: "th", stored, names: ["c_W:0", "c_b:0"], file: "x_th_kernels.h5")
    #expect(kernel(theano) == turnedRound)
  }

  @Test func `a kernel in the other order than the configuration says is read by its shape`() throws {
    let stored = Tensor(counting, shape: [4, 1, 3, 3])
    #expect(kernel(try early(ordering: "tf", stored, names: ["c_W:0", "c_b:0"])) == counting)
  }

  // MARK: - Matching

  private func dense(_ groups: [(String, Shape)], names: [String] = ["one", "two"]) throws -> KerasNetwork {
    let layers = names.map { KerasText.layer("Dense", #""units": 2, "use_bias": false"#, name: $0) }
    return try KerasImporter(
      configuration: KerasText.sequence(layers, input: "2"),
      weights: .layers(
        groups.enumerated().map { number, group in
          let count = group.1.count
          let tensor = Tensor([Float](repeating: Float(number), count: count), shape: group.1)
          return .init(name: group.0, weights: [("\(group.0)/kernel:0", tensor)])
        }), name: "w.h5"
    ).network()
  }

  @Test func `layers go by name, whatever the file's order, and by order where names differ`() throws {
    let named = try dense([("two", [2, 2]), ("other", [2, 2]), ("one", [2, 2])])
    #expect(named.parameters["one/kernel"]?.floats == [2, 2, 2, 2] && named.report.matching == .names)
    #expect(named.report.unused == ["other/other/kernel:0"])
    let ordered = try dense([("dense_7", [2, 2]), ("dense_8", [2, 2])])
    #expect(ordered.parameters["two/kernel"]?.floats == [1, 1, 1, 1] && ordered.report.matching == .order)
  }

  @Test func `weights of another network are refused`() {
    #expect(
      message { _ = try dense([("dense_7", [2, 2])]) }
        == "w.h5 is not for the model of its configuration: it has 1 layers with weights (dense_7, …), where the model of its "
        + "configuration has 2. Check which network the file was saved from")
    #expect(
      message { _ = try dense([("one", [2, 2]), ("two", [3, 2])]) }
        == "“two/two/kernel:0” in w.h5 has the shape [3, 2], but layer “two” needs [2, 2]. "
        + "The weights are probably of another network than the configuration")
  }

  // MARK: - Refusals

  private func refusal(_ configuration: String) -> String {
    message { _ = try KerasImporter(configuration: configuration, weights: .layers([]), name: "m.h5").network() }
  }

  @Test func `a configuration that cannot be used says why`() {
    #expect(refusal("{") == "the configuration of m.h5 cannot be used: it is not the JSON that it should be")
    let nameless = #"{"class_name": "Sequential", "config": [{"class_name": "Flatten"}]}"#
    #expect(
      refusal(nameless)
        == "the configuration of m.h5 cannot be used: layer “number 0”: it has no “class_name” and “config”")
    let mixed = KerasText.sequence([
      KerasText.layer("MaxPooling2D", #""data_format": "channels_last""#, name: "a"),
      KerasText.layer("MaxPooling2D", #""data_format": "channels_first""#, name: "b"),
    ])
    #expect(
      refusal(mixed)
        == "the configuration of m.h5 cannot be used: some of its layers have the channels last, others first; one order "
        + "is needed")
  }

  @Test func `layers that cannot be expressed are listed`() {
    let one = KerasText.sequence([KerasText.layer("Lambda", name: "mine")])
    #expect(
      refusal(one)
        == "m.h5 has a layer that Graft cannot express: “mine” (Lambda): it is Python code, which only Python can run")
    let two = KerasText.sequence([KerasText.layer("Lambda", name: "mine"), KerasText.layer("GRU", name: "g")])
    #expect(
      refusal(two)
        == "m.h5 has 2 layers that Graft cannot express: “mine” (Lambda): it is Python code, which only Python can run; "
        + "“g” (GRU): it works on sequences or volumes, so this is no network for images")
  }

  @Test func `whole numbers are no weights`() {
    let layers = [KerasText.layer("Dense", #""units": 1, "use_bias": false"#, name: "d")]
    let weights = KerasWeights.Layer(name: "d", weights: [("k", Tensor(zeros: [1, 1], dataType: .int32))])
    #expect(
      message {
        _ = try KerasImporter(
          configuration: KerasText.sequence(layers, input: "1"), weights: .layers([weights]), name: "m.h5"
        ).network()
      } == "“d/k” in m.h5 holds numbers of the type int32, and weights are floating-point")
  }

  // MARK: - Known networks

  @Test func `a network that is known by name is recognised, in its published widths too`() throws {
    for architecture in [Architecture.vgg16, .resnet50V2, .mobilenetV2] {
      let graph = try architecture.graph(classes: 7)
      #expect(Architecture.matching(graph)?.name == architecture.name)
    }
    #expect(Architecture.matching(try Architecture.named("mobilenet-0.25").graph())?.name == "mobilenet-0.25")
    #expect(Architecture.matching(try TinyNetwork.architecture.graph()) == nil)
  }
}
