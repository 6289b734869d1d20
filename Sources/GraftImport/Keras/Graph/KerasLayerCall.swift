import GraftGraph
import GraftTensors

/// One call of one layer, as its converter sees it.
struct KerasLayerCall {
  let layer: KerasLayer
  let path: KerasNames.Path
  /// The layer's name in the graph, from which its parameters are named.
  let name: String
  /// The nodes of all tensors that the call takes, in `KerasCall.tensors`'s order.
  let inputs: [String]
  let call: KerasCall

  /// The same call with other arguments, of the same tensors.
  func with(_ call: KerasCall) -> KerasLayerCall {
    KerasLayerCall(layer: layer, path: path, name: name, inputs: inputs, call: call)
  }

  var options: KerasOptions { KerasOptions(values: layer.options) }

  /// The only input.
  func input() throws(KerasRefusal) -> String {
    guard inputs.count == 1 else { throw KerasRefusal("it takes one input, and is given \(inputs.count)") }
    return inputs[0]
  }

  /// Adds the layer that does the call's work, under the call's name, and says what it wants of the weight file.
  ///
  /// - Parameter layouts: how the file lays out each of the layer's parameters; as its role has it where nil.
  func add(
    _ layer: some Layer, after inputs: [String]? = nil, layouts: [KerasTensorLayout]? = nil,
    to writer: inout KerasGraphWriter
  ) throws -> String {
    let node = try writer.add(layer, after: inputs ?? [try input()], as: name)
    let parameters = try writer.graph.node(node).parameters
    let layouts = layouts ?? parameters.map { KerasTensorLayout(of: $0, writer: writer, options: options) }
    if !parameters.isEmpty {
      writer.expect(zip(parameters, layouts).map { .init(.parameter($0), layout: $1) }, for: path)
    }
    return node
  }
}

/// Makes nodes of a call and returns those of its results.
typealias KerasConverter = @Sendable (KerasLayerCall, inout KerasGraphWriter) throws -> [String]
