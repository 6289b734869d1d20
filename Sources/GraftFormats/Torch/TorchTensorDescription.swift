import GraftTensors

/// Where a tensor's elements lie, as a checkpoint's pickle says: not yet believed.
struct TorchTensorDescription: Sendable {
  let storage: TorchStorageDescription
  /// Of the first element, in elements from the start of the storage.
  let offset: Int
  let shape: [Int]
  /// In elements.
  let strides: [Int]
  let dataType: DataType
}

/// A run of bytes that one or more tensors lie in.
struct TorchStorageDescription: Sendable {
  /// What the file calls it: `0`, or a number of fifteen digits.
  let key: String
  /// Nil where its bytes have no type: then each tensor says its own.
  let dataType: DataType?
  /// Announced; in elements, or in bytes where there is no type.
  let count: Int
  /// Elements before it, where it is itself a part of the storage of that key (PyTorch before 0.4).
  let start: Int
}

/// What a pickled call of PyTorch's makes.
enum TorchTensorReading {
  case tensor(TorchTensorDescription)
  /// A tensor of a kind that Graft does not read, in words: “of the type ComplexFloat”.
  case unreadable(String)
}

extension PickleDocument {
  /// The tensor that a value is, or nil where it is something else.
  ///
  /// - Throws: where it calls PyTorch's functions with arguments that these never had.
  func tensor(_ value: PickleValue) throws(PickleError) -> TorchTensorReading? {
    var value = value
    // A parameter holds a tensor, a subclass of tensor the call that makes its base; more than that is nobody's.
    for _ in 0..<4 {
      guard let (callee, arguments, _) = call(value) else { return nil }
      switch callee {
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
        guard let inner = arguments.first else { throw Self.malformedTensor }
        value = inner
      case "torch._tensor._rebuild_from_type_v2":
        guard arguments.count > 2, case .global(let function) = arguments[0] else { throw Self.malformedTensor }
        return try rebuilt(by: function, arguments: elements(arguments[2]) ?? [])
      default:
        return try rebuilt(by: callee, arguments: arguments)
      }
    }
    throw Self.malformedTensor
  }

  private func rebuilt(
    by function: String, arguments: [PickleValue]
  ) throws(PickleError) -> TorchTensorReading? {
    switch function {
    // (storage, offset, size, stride, …): the second version adds what training needs.
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
      return try described(arguments, type: nil)
    // (storage, offset, size, stride, requires_grad, backward_hooks, dtype, …): storages without a type.
    case "torch._utils._rebuild_tensor_v3":
      guard arguments.count > 6, case .global(let name) = arguments[6] else { throw Self.malformedTensor }
      return try described(arguments, type: name)
    default:
      guard function.hasPrefix("torch._utils._rebuild_"), function.hasSuffix("tensor") else { return nil }
      return .unreadable("made by \(function.split(separator: ".").last ?? "a function") of PyTorch")
    }
  }

  private func described(_ arguments: [PickleValue], type: String?) throws(PickleError) -> TorchTensorReading {
    guard arguments.count >= 4, let (storage, typeName) = try storage(arguments[0]),
      case .integer(let offset) = arguments[1], let shape = integers(arguments[2]),
      let strides = integers(arguments[3]), strides.count == shape.count, shape.count <= 64
    else { throw Self.malformedTensor }
    guard let dataType = type.map({ DataType(torchName: $0) }) ?? storage.dataType else {
      return .unreadable("of the type \(type ?? typeName)")
    }
    return .tensor(
      TorchTensorDescription(storage: storage, offset: offset, shape: shape, strides: strides, dataType: dataType))
  }

  /// `("storage", class, key, device, count)`, of old files with a sixth, `(key, start, count)` of a part or `None`.
  private func storage(
    _ value: PickleValue
  ) throws(PickleError) -> (TorchStorageDescription, typeName: String)? {
    guard case .object(let index) = value, objects[index].origin == .persistent,
      let parts = elements(objects[index].arguments), parts.count >= 5, parts[0] == .text("storage"),
      case .global(let type) = parts[1], let key = name(parts[2]), case .integer(let count) = parts[4]
    else { return nil }
    let typeName = String(type.split(separator: ".").last ?? "")
    var start = 0
    if parts.count > 5, let view = elements(parts[5]) {
      guard view.count == 3, case .integer(let offset) = view[1] else { throw Self.malformedTensor }
      start = offset
    }
    return (
      TorchStorageDescription(key: key, dataType: DataType(torchStorage: typeName), count: count, start: start),
      typeName.replacing("Storage", with: "")
    )
  }

  /// Text of a plausible length, or a number as text.
  func name(_ value: PickleValue) -> String? {
    switch value {
    case .text(let text): text.utf8.count <= 4096 ? text : nil
    case .integer(let number): String(number)
    default: nil
    }
  }

  /// A tuple of numbers, or a `torch.Size`.
  private func integers(_ value: PickleValue) -> [Int]? {
    if let (callee, arguments, _) = call(value), callee == "torch.Size", let first = arguments.first {
      return integers(first)
    }
    guard let elements = elements(value) else { return nil }
    let numbers = elements.compactMap { element -> Int? in
      if case .integer(let number) = element { number } else { nil }
    }
    return numbers.count == elements.count ? numbers : nil
  }

  private static let malformedTensor = PickleError(
    reason: "its pickle makes a tensor from something else than PyTorch does")
}

extension DataType {
  /// The elements of `FloatStorage` and its like; nil for the untyped and for types that Graft has not.
  fileprivate init?(torchStorage name: String) {
    switch name {
    case "HalfStorage": self = .float16
    case "BFloat16Storage": self = .bfloat16
    case "FloatStorage": self = .float32
    case "DoubleStorage": self = .float64
    case "CharStorage": self = .int8
    case "ShortStorage": self = .int16
    case "IntStorage": self = .int32
    case "LongStorage": self = .int64
    case "ByteStorage": self = .uint8
    case "BoolStorage": self = .bool
    default: return nil
    }
  }

  /// `torch.uint16`: the types without a storage of their own, and the others as well.
  fileprivate init?(torchName name: String) {
    self.init(rawValue: name.replacing("torch.", with: "", maxReplacements: 1))
  }
}

extension PickleDocument {
  /// Bytes to an element of each storage, by key, as the storages' classes say.
  var storageElementSizes: [String: Int] {
    var sizes: [String: Int] = [:]
    for index in objects.indices {
      guard let parts = elements(objects[index].arguments), parts.count >= 5, parts[0] == .text("storage"),
        objects[index].origin == .persistent, case .global(let type) = parts[1], let key = name(parts[2])
      else { continue }
      let typeName = String(type.split(separator: ".").last ?? "")
      switch typeName {
      case "ComplexFloatStorage": sizes[key] = 8
      case "ComplexDoubleStorage": sizes[key] = 16
      case "QInt8Storage", "QUInt8Storage": sizes[key] = 1
      case "QInt32Storage": sizes[key] = 4
      default: sizes[key] = DataType(torchStorage: typeName)?.byteCount ?? 1
      }
    }
    return sizes
  }
}
