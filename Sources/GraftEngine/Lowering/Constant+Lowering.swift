import GraftGraph
import GraftTensors

extension Constant: Lowerable {
  func lower(_ inputs: [Memory], _ node: LoweringNode, into lowering: Lowering) throws -> LoweredNode {
    guard let value = node.parameters[.value] else {
      throw EngineError.unsupportedLayer(name: name, kind: Self.kind)
    }
    value.addOutermost()
    let image = try value.memory(as: .channelsLast(value.shape), in: lowering)
    let output = try lowering.allocate(.channelsLast(node.shape))
    // In every run, because the numbers can be replaced between two.
    lowering.emit(touching: [image, output]) {
      let row = image.floats
      for start in stride(from: 0, to: output.floats.count, by: row.count) {
        _ = output.floats[start..<start + row.count].update(fromContentsOf: row)
      }
    }
    return LoweredNode(output: output) { _ in [] }
  }
}
