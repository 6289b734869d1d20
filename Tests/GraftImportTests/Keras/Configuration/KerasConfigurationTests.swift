import Testing

@testable import GraftImport

@Suite struct KerasConfigurationTests {
  private typealias Reference = KerasModel.TensorReference

  private func refusal(_ text: String) -> String {
    message { _ = try KerasConfiguration(parsing: text) }
  }

  @Test func `a sequence of Keras 1 is a plain list, and its first layer says the input's shape`() throws {
    let configuration = try KerasConfiguration(
      parsing: """
        {"class_name": "Sequential", "config": [
          {"class_name": "Convolution2D", "config": {"name": "c", "batch_input_shape": [null, 5, 5, 3], "nb_filter": 2}},
          {"class_name": "Flatten", "config": {"name": "f"}}]}
        """)
    #expect(configuration.generation == .one)
    let model = configuration.model
    #expect(model.layers.map(\.name) == ["c_input", "c", "f"])
    #expect(model.layers[2].calls == [KerasCall(Reference(layer: "c", call: 0, output: 0))])
    #expect(model.inputs == [Reference(layer: "c_input", call: 0, output: 0)])
    #expect(model.outputs == [Reference(layer: "f", call: 0, output: 0)])
    #expect(model.layers[0].options["batch_input_shape"]?.list?.count == 4)
  }

  @Test func `calls of Keras 2 are lists, and constants and tensors may be keywords`() throws {
    let value = try KerasValue(
      parsing: """
        [[["a", 0, 0, {}], ["b", 1, 2, {}]],
         ["a", 0, 0, {"y": ["b", 0, 0], "name": null}],
         ["_CONSTANT_VALUE", -1, 1.5, {"y": ["a", 0, 0]}]]
        """)
    let calls = try KerasCall.calls(value, layer: "x")
    let (a, b) = (Reference(layer: "a", call: 0, output: 0), Reference(layer: "b", call: 0, output: 0))
    #expect(calls[0].tensors == [a, Reference(layer: "b", call: 1, output: 2)])
    #expect(calls[1].arguments == [.tensor(a)])
    #expect(calls[1].keywords["y"] == .tensor(b) && calls[1].keywords["name"] == .constant(.null))
    #expect(calls[2].arguments == [.constant(.number(1.5))] && calls[2].tensors == [a])
  }

  @Test func `calls of Keras 3 hold tensors as objects`() throws {
    let value = try KerasValue(
      parsing: """
        [{"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": ["a", 0, 0]}},
                    {"class_name": "__keras_tensor__", "config": {"keras_history": ["b", 0, 1]}}], [1, 2]],
          "kwargs": {"axis": -1}}]
        """)
    let call = try #require(try KerasCall.calls(value, layer: "x").first)
    #expect(call.tensors == [Reference(layer: "a", call: 0, output: 0), Reference(layer: "b", call: 0, output: 1)])
    #expect(call.arguments[1] == .constant(.list([.number(1), .number(2)])))
    #expect(call.keywords["axis"] == .constant(.number(-1)))
  }

  @Test func `a nested model's calls are counted from 0, though its file counts from 1`() throws {
    let text = """
      {"class_name": "Functional", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "name": "i", "config": {"batch_input_shape": [null, 4]}, "inbound_nodes": []},
        {"class_name": "Sequential", "name": "s", "config": {"name": "s", "layers": [
           {"class_name": "Dense", "config": {"name": "d", "units": 4}}]},
         "inbound_nodes": [[["i", 0, 0, {}]], [["s", 1, 0, {}]]]}],
        "input_layers": [["i", 0, 0]], "output_layers": [["s", 2, 0]]}}
      """
    let model = try KerasConfiguration(parsing: text).model
    #expect(model.outputs == [Reference(layer: "s", call: 1, output: 0)])
    #expect(model.layers[1].calls[1].tensors == [Reference(layer: "s", call: 0, output: 0)])
  }

  @Test(arguments: [
    ("1.2.2", 1), ("0.3.3", 1), ("2.2.4-tf", 2), ("2.16.1", 2), ("3.0.5", 3), ("4.0", 3),
  ])
  func `the version says the generation`(version: String, generation: Int) throws {
    let text = KerasText.sequence([KerasText.layer("Flatten", name: "f")])
    #expect(try KerasConfiguration(parsing: text, kerasVersion: version).generation.rawValue == generation)
  }

  @Test func `without a version the words tell`() throws {
    let early = KerasText.sequence([KerasText.layer("Dense", #""output_dim": 2"#, name: "d")])
    let middle = KerasText.sequence([KerasText.layer("Dense", #""units": 2"#, name: "d")])
    let late = middle.replacing("batch_input_shape", with: "batch_shape")
    let generations = try [early, middle, late].map { try KerasConfiguration(parsing: $0).generation }
    #expect(generations == [.one, .two, .three])
    let told = middle.dropLast() + #", "keras_version": "3.1.0"}"#
    #expect(try KerasConfiguration(parsing: String(told)).generation == .three)
  }

  @Test func `damage is told by what is missing`() {
    #expect(
      refusal("[]") == #"unreadable("it has no “class_name” and “config”, as every model of Keras has")"#)
    #expect(
      refusal(#"{"class_name": "Mine", "config": {"units": 3}}"#)
        == #"unreadable("its model is of the class “Mine”, which is Python code of its own and lists no layers")"#)
    #expect(
      refusal(#"{"class_name": "Sequential", "config": {"layers": []}}"#)
        == #"unreadable("it is a sequence without layers")"#)
    #expect(
      refusal(#"{"class_name": "Sequential", "config": [{"class_name": "Flatten"}]}"#)
        == #"layer("number 0", reason: "it has no “class_name” and “config”")"#)
    let twice = KerasText.layer("Flatten", name: "f")
    #expect(
      refusal(KerasText.sequence([twice, twice]))
        == #"unreadable("it names two layers of one model “f”")"#)
  }

  @Test func `models within models end at a depth`() {
    var text = KerasText.sequence([KerasText.layer("Flatten", name: "f")])
    for _ in 0..<60 { text = #"{"class_name": "Sequential", "config": [\#(text)]}"# }
    #expect(refusal(text).hasPrefix("unreadable"))
  }
}
