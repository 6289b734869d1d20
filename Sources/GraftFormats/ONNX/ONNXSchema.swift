/// The messages of `Sources/CONNX/onnx.proto`, for the scan: what is not named here is skipped.
enum ONNXMessage: String {
  case model
  case operatorSet = "operator set"
  case entry, graph, node, attribute, tensor
  case sparseTensor = "sparse tensor"
  case value, type
  case tensorType = "tensor type"
  case tensorShape = "tensor shape"
  case dimension, function

  enum Field {
    case integer, float, text, bytes
    case integers, floats
    /// Numbers of a tensor, which stay where they lie.
    case elements
    case message(ONNXMessage)
    case messages(ONNXMessage)
  }

  func field(_ number: Int) -> Field? {
    switch self {
    case .model: Self.modelFields[number]
    case .operatorSet: [1: .text, 2: .integer][number]
    case .entry: [1: .text, 2: .text][number]
    case .graph: Self.graphFields[number]
    case .node: Self.nodeFields[number]
    case .attribute: Self.attributeFields[number]
    case .tensor: Self.tensorFields[number]
    case .sparseTensor: [1: .message(.tensor)][number]
    case .value: [1: .text, 2: .message(.type)][number]
    case .type: [1: .message(.tensorType)][number]
    case .tensorType: [1: .integer, 2: .message(.tensorShape)][number]
    case .tensorShape: [1: .messages(.dimension)][number]
    case .dimension: [1: .integer, 2: .text][number]
    case .function: Self.functionFields[number]
    }
  }

  private static let modelFields: [Int: Field] = [
    1: .integer, 2: .text, 3: .text, 4: .text, 7: .message(.graph), 8: .messages(.operatorSet), 14: .messages(.entry),
    25: .messages(.function),
  ]

  private static let graphFields: [Int: Field] = [
    1: .messages(.node), 2: .text, 5: .messages(.tensor), 11: .messages(.value), 12: .messages(.value),
    15: .messages(.sparseTensor),
  ]

  private static let nodeFields: [Int: Field] = [
    1: .text, 2: .text, 3: .text, 4: .text, 5: .messages(.attribute), 7: .text,
  ]

  private static let attributeFields: [Int: Field] = [
    1: .text, 2: .float, 3: .integer, 4: .bytes, 5: .message(.tensor), 7: .floats, 8: .integers, 9: .bytes,
    20: .integer, 21: .text,
  ]

  private static let tensorFields: [Int: Field] = [
    1: .integers, 2: .integer, 4: .elements, 5: .elements, 7: .elements, 8: .text, 9: .elements, 10: .elements,
    11: .elements, 13: .messages(.entry), 14: .integer,
  ]

  private static let functionFields: [Int: Field] = [
    1: .text, 4: .text, 5: .text, 6: .text, 7: .messages(.node), 9: .messages(.operatorSet), 10: .text,
    11: .messages(.attribute), 13: .text,
  ]
}
