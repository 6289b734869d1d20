import GraftGraph
import GraftTensors

// Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", arXiv:1409.1556,
// table 1. Layer names are those of the Keras weight files.

extension Architecture {
  /// Configuration D.
  public static let vgg16 = vgg(layers: 16, convolutions: [2, 2, 3, 3, 3])

  /// Configuration E.
  public static let vgg19 = vgg(layers: 19, convolutions: [2, 2, 4, 4, 4])

  private static func vgg(layers: Int, convolutions: [Int]) -> Architecture {
    Architecture(
      name: "vgg\(layers)", title: "VGG-\(layers)", source: "arXiv:1409.1556; names as in keras.applications",
      defaultInputSize: 224, minimumInputSize: 32
    ) { size, classes in
      var graph = try LayerGraph(input: [3, size.height, size.width])
      let filters = [64, 128, 256, 512, 512]
      for (block, (filters, convolutions)) in zip(1..., zip(filters, convolutions)) {
        graph.beginStage("block\(block)")
        for convolution in 1...convolutions {
          try graph.add(
            Conv2D(
              "block\(block)_conv\(convolution)", filters: filters, kernel: 3, padding: .same, activation: .relu))
        }
        try graph.add(MaxPooling2D("block\(block)_pool", size: 2))
      }  // at 224: [512, 7, 7]

      graph.beginStage(nil)
      if let classes {
        try graph.add(Flatten("flatten", order: .channelsLast))
        try graph.add(Dense("fc1", units: 4096, activation: .relu))
        try graph.add(Dense("fc2", units: 4096, activation: .relu))
        try graph.add(Dense("predictions", units: classes, activation: .softmax))
      }
      return graph
    }
  }
}
