/// A saved graph is its nodes in order, each with the kind of its layer; shapes are inferred anew.
extension LayerGraph: Codable {
  private enum Key: String, CodingKey {
    case nodes, outputs
  }

  private enum NodeKey: String, CodingKey {
    case kind, name, layer, inputs, stage
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let container = try decoder.container(keyedBy: Key.self)
    var nodes = try container.nestedUnkeyedContainer(forKey: .nodes)
    while !nodes.isAtEnd {
      let node = try nodes.nestedContainer(keyedBy: NodeKey.self)
      let kind = try node.decode(String.self, forKey: .kind)
      guard let type = LayerKind.named(kind) else { throw GraphError.unknownKind(kind) }
      let layer = try type.init(from: node.superDecoder(forKey: .layer))
      beginStage(try node.decodeIfPresent(String.self, forKey: .stage))
      try add(
        layer, after: node.decode([String].self, forKey: .inputs), as: node.decode(String.self, forKey: .name))
    }
    beginStage(nil)
    try setOutputs(container.decode([String].self, forKey: .outputs))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    var list = container.nestedUnkeyedContainer(forKey: .nodes)
    for node in nodes {
      var item = list.nestedContainer(keyedBy: NodeKey.self)
      try item.encode(type(of: node.layer).kind, forKey: .kind)
      try item.encode(node.name, forKey: .name)
      try item.encode(node.inputs, forKey: .inputs)
      try item.encodeIfPresent(node.stage, forKey: .stage)
      try node.layer.encode(to: item.superEncoder(forKey: .layer))
    }
    try container.encode(outputs, forKey: .outputs)
  }
}
