import GraftTensors

/// A network as Keras has it: layers that are called on what others return, activations with the channels last.
struct KerasModel {
  struct Layer {
    let name: String
    /// Keras's name for the kind of layer: `Conv2D`.
    let className: String
    /// The layer's options, without its name.
    let options: [String: KerasConfiguration]
    /// In Keras's order and layout.
    let weights: [Weight]
    /// A layer that several nodes share is called several times.
    var calls: [Call]
  }

  struct Weight {
    /// `kernel`, `bias`, `gamma`, …
    let name: String
    let tensor: Tensor
  }

  struct Call {
    let inputs: [Output]
    /// What comes of one image.
    let shape: [Int]
  }

  /// What one call of a layer returns.
  struct Output: Hashable {
    /// The layer's place among `layers`.
    let layer: Int
    let call: Int
  }

  var name = "graft"
  var layers: [Layer] = []
  var inputs: [Output] = []
  var outputs: [Output] = []

  func call(_ output: Output) -> Call { layers[output.layer].calls[output.call] }
}
