import GraftTensors

// The messages of a graph: `Sources/CONNX/onnx.proto`.
extension WireWriter {
  mutating func operatorSet(_ field: Int, _ domain: String, _ version: Int) {
    message(field) {
      $0.text(1, domain)
      $0.integer(2, version)
    }
  }

  mutating func node(_ field: Int, _ node: ONNXNode) throws {
    try message(field) {
      for input in node.inputs { $0.entry(1, input) }
      for output in node.outputs { $0.entry(2, output) }
      $0.text(3, node.name)
      $0.text(4, node.operatorType)
      for (name, attribute) in node.attributes.sorted(by: { $0.key < $1.key }) {
        try $0.attribute(5, name, attribute)
      }
      $0.text(7, node.domain)
    }
  }

  mutating func value(_ field: Int, _ value: ONNXValue) {
    message(field) {
      $0.text(1, value.name)
      guard let dataType = value.dataType else { return }
      $0.message(2) {
        $0.message(1) {
          $0.integer(1, dataType.onnxCode)
          guard let dimensions = value.dimensions else { return }
          $0.message(2) { shape in
            for dimension in dimensions {
              shape.message(1) {
                switch dimension {
                case .size(let size): $0.integer(1, size)
                case .symbol(let name): $0.text(2, name)
                case .unknown: break
                }
              }
            }
          }
        }
      }
    }
  }

  mutating func function(_ field: Int, _ function: ONNXFunction) throws {
    try message(field) {
      $0.text(1, function.name)
      for input in function.inputs { $0.entry(4, input) }
      for output in function.outputs { $0.entry(5, output) }
      for attribute in function.attributes { $0.entry(6, attribute) }
      for node in function.nodes { try $0.node(7, node) }
      for (domain, version) in function.operatorSets.sorted(by: { $0.key < $1.key }) {
        $0.operatorSet(9, domain, version)
      }
      $0.text(10, function.domain)
      for (name, attribute) in function.defaults.sorted(by: { $0.key < $1.key }) {
        try $0.attribute(11, name, attribute)
      }
    }
  }

  /// A tensor's message up to its elements, whose bytes must follow.
  mutating func tensorHead(_ tensor: Tensor, name: String) {
    for dimension in tensor.shape.dimensions { integer(1, dimension) }
    integer(2, tensor.dataType.onnxCode)
    text(8, name)
    bytes.appendTag(9, .lengthDelimited)
    bytes.appendVarint(UInt64(tensor.byteCount))
  }

  private mutating func attribute(_ field: Int, _ name: String, _ attribute: ONNXAttribute) throws {
    try message(field) {
      $0.text(1, name)
      let kind: Int
      switch attribute {
      case .float(let value):
        kind = 1
        $0.float(2, value)
      case .integer(let value):
        kind = 2
        $0.integer(3, value)
      case .text(let value):
        kind = 3
        $0.entry(4, value)
      case .tensor(let tensor):
        kind = 4
        $0.message(5) { writer in
          writer.tensorHead(tensor, name: "")
          tensor.withUnsafeBytes { writer.bytes.append(contentsOf: $0) }
        }
      case .floats(let values):
        kind = 6
        for value in values { $0.float(7, value) }
      case .integers(let values):
        kind = 7
        for value in values { $0.integer(8, value) }
      case .texts(let values):
        kind = 8
        for value in values { $0.entry(9, value) }
      case .reference(let other):
        $0.text(21, other)
        return
      case .unsupported(let kind):
        throw FormatError.writeFailed(path: $0.path, reason: "the attribute '\(name)' is of the unknown kind \(kind)")
      }
      $0.integer(20, kind)
    }
  }
}
