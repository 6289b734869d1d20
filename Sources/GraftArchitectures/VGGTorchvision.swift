import GraftGraph
import GraftTensors

// Simonyan and Zisserman, arXiv:1409.1556, table 1, as torchvision has it: the classifier reads the feature map channel by
// channel. Layer names are those of torchvision's state dicts.

extension Architecture {
  /// Configuration D.
  public static let vgg16Torchvision = vggTorchvision(layers: 16, convolutions: [2, 2, 3, 3, 3])

  /// Configuration E.
  public static let vgg19Torchvision = vggTorchvision(layers: 19, convolutions: [2, 2, 4, 4, 4])

  private static func vggTorchvision(layers: Int, convolutions: [Int]) -> Architecture {
    Architecture(
      name: "vgg\(layers)-torchvision", title: "VGG-\(layers) (torchvision)",
      source: "arXiv:1409.1556; names as in torchvision", defaultInputSize: 224, minimumInputSize: 32,
      preprocessing: .torch
    ) { size, classes in
      var graph = try LayerGraph(input: [3, size.height, size.width])
      // torchvision counts convolutions, activations and poolings alike.
      var number = 0
      for (block, (filters, convolutions)) in zip(1..., zip([64, 128, 256, 512, 512], convolutions)) {
        graph.beginStage("block\(block)")
        for _ in 1...convolutions {
          try graph.add(Conv2D("features.\(number)", filters: filters, kernel: 3, padding: .all(1)))
          try graph.add(Activation("features.\(number + 1)", .relu))
          number += 2
        }
        try graph.add(MaxPooling2D("features.\(number)", size: 2))
        number += 1
      }  // at 224: [512, 7, 7]

      graph.beginStage(nil)
      if let classes {
        try graph.addAveragePooling(to: 7, name: "avgpool", of: "VGG-\(layers) (torchvision)", images: size)
        try graph.add(Flatten("flatten", order: .channelsFirst))
        for (number, units) in [(0, 4096), (3, 4096)] {
          try graph.add(Dense("classifier.\(number)", units: units))
          try graph.add(Activation("classifier.\(number + 1)", .relu))
          try graph.add(Dropout("classifier.\(number + 2)", rate: 0.5))
        }
        try graph.add(Dense("classifier.6", units: classes))
        try graph.add(Activation("softmax", .softmax))
      }
      return graph
    }
  }
}

extension LayerGraph {
  /// PyTorch's adaptive pooling where its windows are all alike: the identity where the map has that side already.
  fileprivate mutating func addAveragePooling(
    to side: Int, name: String, of architecture: String, images: Size2D
  ) throws {
    guard let map = output?.shape, map.rank == 3, map[1] % side == 0, map[2] % side == 0, map[1] > 0, map[2] > 0 else {
      throw ArchitectureError.unsuitableSize(
        architecture: architecture, expected: "multiples of \(32 * side) pixels, for its classifier", found: images)
    }
    if map[1] == side, map[2] == side { return }
    try add(AveragePooling2D(name, size: Size2D(height: map[1] / side, width: map[2] / side)))
  }
}
