import CONNX
import Foundation
import GraftTensors

extension ONNXModel {
  /// Reads an ONNX file. Tensors are views of the mapped file and keep it mapped.
  ///
  /// - Throws: `FormatError` where the file cannot be read, is of another kind, breaks the format's rules, or holds
  ///   elements of a type that Graft does not know.
  public init(contentsOf url: URL) throws {
    let file = try MappedFile(url)
    let signature = file.signature
    // What has no signature may yet be a model whose fields come in another order.
    if signature != .unknown, signature != .text { try file.require(.onnx, expected: "an ONNX model") }
    try self.init(
      bytes: file.bytes, owner: file, name: file.path, folder: URL(filePath: file.path).deletingLastPathComponent())
  }

  /// Reads a model that lies in memory already.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - owner: keeps the bytes alive and unchanged; the tensors hold on to it.
  ///   - name: what messages call the file.
  ///   - folder: where files may lie that the model names; with nil it may name none.
  /// - Throws: `FormatError`.
  public init(bytes: UnsafeRawBufferPointer, owner: AnyObject, name: String, folder: URL? = nil) throws {
    do {
      let scan = try ONNXScan(bytes)
      let unpacked = scan.model.withUnsafeBufferPointer { onnx__model__unpack(nil, $0.count, $0.baseAddress) }
      guard let unpacked else { throw ONNXFault(reason: "its fields do not fit together") }
      defer { onnx__model__free_unpacked(unpacked, nil) }
      guard let graph = unpacked.pointee.graph else { throw ONNXFault(reason: "it has no graph") }
      var reader = ONNXReader(
        bytes: bytes, owner: owner, path: name, external: ONNXExternalFiles(folder: folder, model: name))
      try self.init(unpacked.pointee, graph: graph.pointee, &reader)
    } catch let fault as ONNXFault {
      throw FormatError.malformed(path: name, format: "ONNX", reason: fault.reason)
    }
  }

  private init(_ model: Onnx__Model, graph: Onnx__Graph, _ reader: inout ONNXReader) throws {
    self.init(
      irVersion: Int(model.ir_version), producerName: reader.text(model.producer_name),
      producerVersion: reader.text(model.producer_version), domain: reader.text(model.domain),
      operatorSets: reader.operatorSets(model.opset_import, model.n_opset_import),
      metadata: reader.entries(model.metadata_props, model.n_metadata_props),
      graph: try reader.graph(graph),
      functions: try reader.each(model.functions, model.n_functions) { try $1.function($0) })
  }
}

/// Makes values of what protobuf-c read.
private struct ONNXReader {
  let bytes: UnsafeRawBufferPointer
  let owner: AnyObject
  let path: String
  var external: ONNXExternalFiles

  func text(_ characters: UnsafeMutablePointer<CChar>?) -> String {
    characters.map { String(cString: $0) } ?? ""
  }

  private func text(_ data: ProtobufCBinaryData) -> String {
    String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
  }

  private func texts(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) -> [String] {
    UnsafeBufferPointer(start: list, count: count).map(text)
  }

  mutating func each<Message, Value>(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int,
    _ body: (Message, inout ONNXReader) throws -> Value
  ) rethrows -> [Value] {
    try UnsafeBufferPointer(start: list, count: count).compactMap { pointer in
      try pointer.map { try body($0.pointee, &self) }
    }
  }

  mutating func entries(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__Entry>?>?, _ count: Int
  ) -> [String: String] {
    let pairs = each(list, count) { ($1.text($0.key), $1.text($0.value)) }
    return Dictionary(pairs) { _, last in last }
  }

  mutating func operatorSets(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__OperatorSet>?>?, _ count: Int
  ) -> [String: Int] {
    let pairs = each(list, count) { ($1.domain($0.domain), Int($0.version)) }
    return Dictionary(pairs) { max($0, $1) }
  }

  /// The standard's own domain has two names.
  private func domain(_ characters: UnsafeMutablePointer<CChar>?) -> String {
    let name = text(characters)
    return name == "ai.onnx" ? "" : name
  }

  mutating func graph(_ graph: Onnx__Graph) throws -> ONNXGraph {
    guard graph.n_sparse_initializer == 0 else {
      let names = each(graph.sparse_initializer, graph.n_sparse_initializer) { sparse, reader in
        sparse.values.map { reader.text($0.pointee.name) } ?? ""
      }
      throw FormatError.unsupported(
        path: path, content: "sparse tensors (\(names.summary))", advice: "Save the model with dense weights.")
    }
    return ONNXGraph(
      name: text(graph.name),
      nodes: try each(graph.node, graph.n_node) { try $1.node($0) },
      initializers: try each(graph.initializer, graph.n_initializer) { tensor, reader in
        let name = reader.text(tensor.name)
        return ONNXInitializer(name, try reader.tensor(tensor, name: name))
      },
      inputs: try each(graph.input, graph.n_input) { try $1.value($0) },
      outputs: try each(graph.output, graph.n_output) { try $1.value($0) })
  }

  mutating func function(_ function: Onnx__Function) throws -> ONNXFunction {
    ONNXFunction(
      name: text(function.name), domain: domain(function.domain), inputs: texts(function.input, function.n_input),
      outputs: texts(function.output, function.n_output), attributes: texts(function.attribute, function.n_attribute),
      defaults: try attributes(function.attribute_proto, function.n_attribute_proto, of: text(function.name)),
      nodes: try each(function.node, function.n_node) { try $1.node($0) },
      operatorSets: operatorSets(function.opset_import, function.n_opset_import))
  }

  private mutating func node(_ node: Onnx__Node) throws -> ONNXNode {
    let name = text(node.name)
    return ONNXNode(
      text(node.op_type), name: name, domain: domain(node.domain), inputs: texts(node.input, node.n_input),
      outputs: texts(node.output, node.n_output),
      attributes: try attributes(node.attribute, node.n_attribute, of: name))
  }

  private mutating func attributes(
    _ list: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__Attribute>?>?, _ count: Int, of owner: String
  ) throws -> [String: ONNXAttribute] {
    let pairs = try each(list, count) { attribute, reader in
      let name = reader.text(attribute.name)
      return (name, try reader.attribute(attribute, name: "\(owner).\(name)"))
    }
    return Dictionary(pairs) { _, last in last }
  }

  private mutating func attribute(_ attribute: Onnx__Attribute, name: String) throws -> ONNXAttribute {
    if let reference = attribute.ref_attr_name, reference.pointee != 0 { return .reference(text(reference)) }
    // Writers of the first years left the type out.
    let kind = attribute.has_type != 0 ? Int(attribute.type) : impliedKind(attribute)
    switch kind {
    case 1: return .float(attribute.f)
    case 2: return .integer(Int(attribute.i))
    case 3: return .text(text(attribute.s))
    case 4:
      guard let tensor = attribute.t else { throw ONNXFault(reason: "the attribute '\(name)' has no tensor") }
      return .tensor(try self.tensor(tensor.pointee, name: name))
    case 6: return .floats(Array(UnsafeBufferPointer(start: attribute.floats, count: attribute.n_floats)))
    case 7: return .integers(UnsafeBufferPointer(start: attribute.ints, count: attribute.n_ints).map(Int.init))
    case 8: return .texts(UnsafeBufferPointer(start: attribute.strings, count: attribute.n_strings).map(text))
    default: return .unsupported(kind)
    }
  }

  private func impliedKind(_ attribute: Onnx__Attribute) -> Int {
    if attribute.has_f != 0 { return 1 }
    if attribute.has_i != 0 { return 2 }
    if attribute.has_s != 0 { return 3 }
    if attribute.t != nil { return 4 }
    if attribute.n_floats > 0 { return 6 }
    if attribute.n_strings > 0 { return 8 }
    return 7
  }

  private mutating func tensor(_ tensor: Onnx__Tensor, name: String) throws -> Tensor {
    guard let dataType = DataType(onnxCode: Int(tensor.data_type)) else {
      throw FormatError.unsupported(
        path: path, content: "the tensor '\(name)' of \(DataType.onnxName(Int(tensor.data_type)))",
        advice: "Save the model with weights of float32 or float16.")
    }
    let dimensions = UnsafeBufferPointer(start: tensor.dims, count: tensor.n_dims).map(Int.init)
    guard dimensions.count <= 32, checkedByteCount(of: dimensions, elementByteCount: dataType.byteCount) != nil else {
      throw ONNXFault(reason: "the tensor '\(name)' has the impossible shape \(Shape(dimensions))")
    }
    if tensor.data_location == 1 {
      let entries = self.entries(tensor.external_data, tensor.n_external_data)
      return try external.tensor(name, entries: entries, shape: Shape(dimensions), dataType: dataType)
    }
    let numbers = UnsafeBufferPointer(start: tensor.elements, count: tensor.n_elements).map(Int.init)
    let pieces = stride(from: 0, to: numbers.count - 2, by: 3).map {
      ONNXElements.Piece(field: numbers[$0], range: numbers[$0 + 1]..<numbers[$0 + 1] + numbers[$0 + 2])
    }
    let elements = ONNXElements(tensor: name, dataType: dataType, shape: Shape(dimensions), pieces: pieces)
    return try elements.tensor(of: bytes, owner: owner)
  }

  private func value(_ value: Onnx__Value) throws -> ONNXValue {
    guard let type = value.type?.pointee.tensor_type?.pointee else {
      return ONNXValue(text(value.name), dataType: nil, dimensions: nil)
    }
    let dimensions = type.shape.map { shape in
      UnsafeBufferPointer(start: shape.pointee.dim, count: shape.pointee.n_dim).map { pointer -> ONNXValue.Dimension in
        guard let dimension = pointer?.pointee else { return .unknown }
        if let symbol = dimension.dim_param, symbol.pointee != 0 { return .symbol(text(symbol)) }
        return dimension.has_dim_value != 0 ? .size(Int(dimension.dim_value)) : .unknown
      }
    }
    return ONNXValue(text(value.name), dataType: DataType(onnxCode: Int(type.elem_type)), dimensions: dimensions)
  }
}
