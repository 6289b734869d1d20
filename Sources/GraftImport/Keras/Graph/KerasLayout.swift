import GraftGraph
import GraftTensors

/// How the tensors of a model lie, and what its axes are in a graph, which is channels first throughout.
///
/// A channels-last `[H, W, C]` is `[C, H, W]` in the graph, and a sequence `[T, C]` is `[C, T]`: the last axis comes first.
/// A channels-first model's axes are the graph's.
struct KerasLayout: Hashable {
  var isChannelsLast = true

  /// How Flatten and Reshape read elements.
  var order: Flatten.Order { isChannelsLast ? .channelsLast : .channelsFirst }

  /// The graph's shape for one of Keras's, both without the batch.
  func graphShape(_ dimensions: [Int]) -> Shape {
    guard isChannelsLast, let last = dimensions.last else { return Shape(dimensions) }
    return Shape([last] + dimensions.dropLast())
  }

  /// Keras's shape for one of the graph's, both without the batch.
  func kerasShape(_ shape: Shape) -> [Int] {
    guard isChannelsLast, let first = shape.dimensions.first else { return shape.dimensions }
    return Array(shape.dimensions.dropFirst()) + [first]
  }

  /// The graph's axis for one of Keras's, which counts the batch and may be negative.
  ///
  /// - Parameter rank: of the tensor without the batch.
  func graphAxis(_ axis: Int, rank: Int) throws(KerasRefusal) -> Int {
    let positive = axis < 0 ? axis + rank + 1 : axis
    guard (1...max(rank, 1)).contains(positive) else {
      throw KerasRefusal(
        positive == 0
          ? "it works along the batch, and images are independent here"
          : "its axis is \(axis), and its input has \(rank + 1) with the batch")
    }
    let index = positive - 1
    guard isChannelsLast else { return index }
    return index == rank - 1 ? 0 : index + 1
  }

  /// The axis of the channels, as Keras counts it in a tensor of that rank without the batch.
  func channelAxis(rank: Int) -> Int { isChannelsLast || rank < 2 ? rank : 1 }
}

extension KerasModel {
  /// The layout that the layers' own options name; nil where they contradict one another.
  ///
  /// A Flatten's `data_format` is no evidence: in Keras 2 it says what to do, and is “channels_last” in channels-first
  /// models whose author did not ask for more.
  var layout: KerasLayout? {
    let formats = Set(dataFormats)
    guard formats.count < 2 else { return nil }
    return KerasLayout(isChannelsLast: formats.first != "channels_first")
  }

  private var dataFormats: [String] {
    layers.flatMap { layer -> [String] in
      if let model = layer.model { return model.dataFormats }
      if layer.className == "Flatten" { return [] }
      if let format = layer.options["data_format"]?.text { return [format] }
      return layer.options["dim_ordering"]?.text.map { [$0 == "th" ? "channels_first" : "channels_last"] } ?? []
    }
  }
}
