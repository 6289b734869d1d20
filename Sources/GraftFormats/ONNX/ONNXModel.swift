import GraftTensors

/// An ONNX file as a value: what it says, before anybody asks what it means.
///
/// Source: <https://onnx.ai/onnx/repo-docs/IR.html>.
public struct ONNXModel: Sendable {
  /// Of the file format: 3 to 13 as of now.
  public var irVersion: Int
  public var producerName: String
  public var producerVersion: String
  /// Of the model's own name, as in `com.example`.
  public var domain: String
  /// Which version of each set of operators is meant; the standard's own set has the empty name.
  public var operatorSets: [String: Int]
  /// Free text by key: labels, preprocessing, licences.
  public var metadata: [String: String]
  public var graph: ONNXGraph
  /// Operators that the file defines itself.
  public var functions: [ONNXFunction]

  public init(
    irVersion: Int = 8, producerName: String = "", producerVersion: String = "", domain: String = "",
    operatorSets: [String: Int], metadata: [String: String] = [:], graph: ONNXGraph, functions: [ONNXFunction] = []
  ) {
    self.irVersion = irVersion
    self.producerName = producerName
    self.producerVersion = producerVersion
    self.domain = domain
    self.operatorSets = operatorSets
    self.metadata = metadata
    self.graph = graph
    self.functions = functions
  }
}

/// Nodes that compute outputs from inputs and from tensors that lie in the file.
public struct ONNXGraph: Sendable {
  public var name: String
  /// Each after those that it needs, if the file keeps to the standard.
  public var nodes: [ONNXNode]
  public var initializers: [ONNXInitializer]
  /// Files before version 4 of the format name their initializers among these too.
  public var inputs: [ONNXValue]
  public var outputs: [ONNXValue]

  public init(
    name: String, nodes: [ONNXNode], initializers: [ONNXInitializer], inputs: [ONNXValue], outputs: [ONNXValue]
  ) {
    self.name = name
    self.nodes = nodes
    self.initializers = initializers
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// One operator at work.
public struct ONNXNode: Sendable {
  /// For people; may be empty, and need not be unique.
  public var name: String
  /// `Conv`, `Relu`, …
  public var operatorType: String
  /// The set that the operator is of; empty for the standard's own.
  public var domain: String
  /// Names of values; empty for an optional one that is left out.
  public var inputs: [String]
  public var outputs: [String]
  public var attributes: [String: ONNXAttribute]

  public init(
    _ operatorType: String, name: String = "", domain: String = "", inputs: [String], outputs: [String],
    attributes: [String: ONNXAttribute] = [:]
  ) {
    self.name = name
    self.operatorType = operatorType
    self.domain = domain
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }
}

/// An option of an operator.
public enum ONNXAttribute: Sendable {
  case float(Float)
  case integer(Int)
  case text(String)
  case tensor(Tensor)
  case floats([Float])
  case integers([Int])
  case texts([String])
  /// Within a function: whatever the caller gives under that name.
  case reference(String)
  /// Graphs, sparse tensors, types, and whatever the standard adds; the number that the standard gives the kind.
  case unsupported(Int)
}

/// A tensor of the file's own: weights, or a constant.
public struct ONNXInitializer: Sendable {
  public var name: String
  public var tensor: Tensor

  public init(_ name: String, _ tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}

/// An input or output of the graph.
public struct ONNXValue: Sendable {
  public enum Dimension: Hashable, Sendable {
    case size(Int)
    /// Any size, but the same one wherever the name occurs.
    case symbol(String)
    case unknown
  }

  public var name: String
  /// Nil where the file does not say, or the value is no tensor of a type that Graft knows.
  public var dataType: DataType?
  /// The batch included; nil where the file does not say.
  public var dimensions: [Dimension]?

  public init(_ name: String, dataType: DataType?, dimensions: [Dimension]?) {
    self.name = name
    self.dataType = dataType
    self.dimensions = dimensions
  }
}

/// An operator that a file defines by others.
public struct ONNXFunction: Sendable {
  public var name: String
  public var domain: String
  public var inputs: [String]
  public var outputs: [String]
  /// Names of the options that a caller may give.
  public var attributes: [String]
  /// Options that have a value where the caller gives none.
  public var defaults: [String: ONNXAttribute]
  public var nodes: [ONNXNode]
  public var operatorSets: [String: Int]

  public init(
    name: String, domain: String, inputs: [String], outputs: [String], attributes: [String] = [],
    defaults: [String: ONNXAttribute] = [:], nodes: [ONNXNode], operatorSets: [String: Int] = [:]
  ) {
    self.name = name
    self.domain = domain
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.defaults = defaults
    self.nodes = nodes
    self.operatorSets = operatorSets
  }
}
