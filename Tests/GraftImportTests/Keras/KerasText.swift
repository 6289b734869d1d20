import GraftGraph
import GraftTensors

@testable import GraftImport

/// Configurations for tests, as short as Keras would read them.
enum KerasText {
  static func layer(_ className: String, _ options: String = "", name: String) -> String {
    let rest = options.isEmpty ? "" : ", \(options)"
    return #"{"class_name": "\#(className)", "config": {"name": "\#(name)"\#(rest)}}"#
  }

  /// A sequence behind an input of the given shape, without the batch.
  static func sequence(_ layers: [String], input: String = "6, 6, 3") -> String {
    let entry = layer("InputLayer", #""batch_input_shape": [null, \#(input)]"#, name: "image")
    return
      #"{"class_name": "Sequential", "config": {"name": "model", "layers": [\#(([entry] + layers).joined(separator: ", "))]}}"#
  }

  /// What a configuration comes to, without any weights.
  static func build(
    _ text: String, version: String? = nil, theano: Bool = false, inputSize: Size2D? = nil
  ) throws -> KerasGraphBuilder {
    let configuration = try KerasConfiguration(parsing: text, kerasVersion: version)
    let layout = configuration.model.layout ?? KerasLayout()
    var builder = KerasGraphBuilder(
      writer: KerasGraphWriter(
        layout: layout, generation: configuration.generation, ranOnTheano: theano,
        names: KerasNames(of: configuration.model)), inputSize: inputSize)
    builder.build(configuration.model)
    return builder
  }

  /// The graph's layer behind one layer of Keras.
  static func converted(
    _ className: String, _ options: String = "", version: String? = nil, input: String = "6, 6, 3",
    theano: Bool = false
  ) throws -> (layer: (any Layer)?, shape: Shape?, problems: [String]) {
    let builder = try build(
      sequence([layer(className, options, name: "x")], input: input), version: version, theano: theano)
    let node = builder.writer.graph["x"]
    return (node?.layer, builder.writer.graph.output?.shape, builder.problems.map(\.reason))
  }
}
