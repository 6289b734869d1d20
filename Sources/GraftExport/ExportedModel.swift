import GraftGraph

/// What goes into a file that another program is to run: the network, its numbers, and what its user must know.
public struct ExportedModel: Sendable {
  public var graph: LayerGraph
  public var parameters: Parameters
  /// What the outputs stand for, in their order; nil where that is not known.
  public var labels: [String]?
  /// What is done to the red, green and blue 0…255 of an image before it enters; nil where that is not known.
  public var preprocessing: Preprocessing?

  public init(
    graph: LayerGraph, parameters: Parameters, labels: [String]? = nil, preprocessing: Preprocessing? = nil
  ) {
    self.graph = graph
    self.parameters = parameters
    self.labels = labels
    self.preprocessing = preprocessing
  }
}
