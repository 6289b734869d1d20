/// The kinds of layers that a saved graph may name.
enum LayerKind {
  static let all: [any Layer.Type] = [
    Activation.self, Add.self, Average.self, AveragePooling2D.self, BatchNormalization.self, ChannelPadding.self,
    Concatenate.self, Conv2D.self, Cropping2D.self, Dense.self, DepthwiseConv2D.self, Dropout.self, Flatten.self,
    GlobalAveragePooling2D.self, GlobalMaxPooling2D.self, InputLayer.self, LocalResponseNormalization.self,
    MaxPooling2D.self, Maximum.self, Minimum.self, Multiply.self, Normalization.self, PReLU.self, Permute.self,
    Rescaling.self, Reshape.self, SeparableConv2D.self, SpatialDropout2D.self, StridedSlice2D.self, Subtract.self,
    UpSampling2D.self, ZeroPadding2D.self,
  ]

  static func named(_ kind: String) -> (any Layer.Type)? {
    all.first { $0.kind == kind }
  }
}
