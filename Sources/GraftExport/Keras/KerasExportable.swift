import GraftGraph
import GraftTensors

/// A layer that Keras has a form for.
protocol KerasExportable: Layer {
  /// Appends Keras's layers for it, and returns what the last of them does.
  ///
  /// - Parameter shape: the node's output for one image, channels first.
  /// - Throws: `Inexpressible` where Keras has none for the layer as it is set.
  func export(
    _ inputs: [KerasBuilder.Value], shape: Shape, to builder: inout KerasBuilder
  ) throws -> KerasBuilder.Value
}
