import GraftTensors

extension DataType {
  /// The number by which ONNX knows this type (`TensorProto.DataType`).
  public var onnxCode: Int {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .bfloat16: 16
    }
  }

  /// Nil for text, complex numbers, and floats or integers of less than eight bits.
  public init?(onnxCode code: Int) {
    guard let found = Self.allCases.first(where: { $0.onnxCode == code }) else { return nil }
    self = found
  }

  /// How ONNX calls the types that Graft does not read.
  static func onnxName(_ code: Int) -> String {
    if let known = DataType(onnxCode: code) { return known.rawValue }
    let names = [
      0: "no type", 8: "text", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
      19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1",
    ]
    return names[code] ?? "the unknown type \(code)"
  }
}
